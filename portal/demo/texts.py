"""The page that the portal is modelled on, and its neighbours. Facts are those of the real page; the sentences are ours; the
year 3022 stands as it was printed. The other demo content lies in content/."""

from portal.demo.reading import Text

AGENCY = {
    "name": "Sở Khoa học và Công nghệ",
    "locality": "Tỉnh Quảng Ngãi",
    "name_en": "Department of Science and Technology",
    "locality_en": "Quảng Ngãi Province",
    "governing_body": "Ủy ban nhân dân tỉnh Quảng Ngãi",
}

PLAN = "plan-2022"
PLAN_PDF = "plan.pdf"
ATTACHMENT = "KE HOACH TRUYEN THONG VE HOAT ĐONG KIEM SOAT TTHC NAM 2022.pdf"

QUESTION = "Bạn thấy giao diện website như thế nào?"
CHOICES = (("Đẹp", 0), ("Bình thường", 1), ("Xấu", 1))

SECTIONS = {
    "reform": {"vi": "Cải cách hành chính", "en": "Administrative reform"},
    "science": {"vi": "Khoa học và Công nghệ", "en": "Science and technology"},
    "notices": {"vi": "Thông báo", "en": "Notices"},
    "innovation": {"vi": "Đổi mới sáng tạo, chuyển đổi số", "en": "Innovation and digital transformation"},
    "standards": {"vi": "Tiêu chuẩn, đo lường, chất lượng", "en": "Standards, measurement, quality"},
    "events": {"vi": "Tin tức – Sự kiện", "en": "News and events"},
}


ARTICLES = (
    Text(
        group=PLAN,
        language="vi",
        section="reform",
        poll=PLAN,
        attachments=(PLAN_PDF,),
        published="2022-03-17T08:00",
        title="Kế hoạch truyền thông về hoạt động kiểm soát thủ tục hành chính năm 2022 của Sở Khoa học và Công nghệ",
        lead="Sở Khoa học và Công nghệ ban hành kế hoạch truyền thông về hoạt động kiểm soát thủ tục hành chính (TTHC) năm 2022, "
        "để thực hiện Kế hoạch số 30/KH-UBND ngày 23/02/3022 của UBND tỉnh Quảng Ngãi.",
        body="""
<p>Kế hoạch của UBND tỉnh nêu các việc truyền thông về kiểm soát TTHC trong năm 2022 trên địa bàn tỉnh. Sở cụ thể hóa những việc
thuộc phần mình: giới thiệu kịp thời chủ trương của Đảng, chính sách và pháp luật của Nhà nước, văn bản của trung ương và của địa phương
về kiểm soát TTHC, để cán bộ, công chức, viên chức và Nhân dân hiểu rõ ý nghĩa và mục tiêu của công việc này.</p>
<p>Người dân và doanh nghiệp được tạo điều kiện để giám sát việc cải cách TTHC của Sở; mỗi công chức, viên chức nâng cao trách nhiệm
và tính chuyên nghiệp khi giải quyết hồ sơ.</p>
<h2>Yêu cầu</h2>
<p>Các hoạt động truyền thông phải đúng định hướng và đúng quy định, đáp ứng nhiệm vụ đã nêu tại:</p>
<ul>
<li>Kế hoạch số 1891/KH-SKHCN ngày 30/12/2021 của Sở Khoa học và Công nghệ về công tác cải cách hành chính (CCHC) năm 2022;</li>
<li>Kế hoạch số 226/KH-SKHCN ngày 08/3/2022 của Sở Khoa học và Công nghệ về hoạt động kiểm soát TTHC năm 2022.</li>
</ul>
<h2>Trách nhiệm</h2>
<p>Giám đốc Sở và trưởng các phòng, đơn vị thuộc Sở giữ vai trò chủ chốt trong triển khai và giám sát nhiệm vụ CCHC. Với riêng việc
truyền thông, các phòng, đơn vị:</p>
<ul>
<li>chịu trách nhiệm trực tiếp về việc chỉ đạo và triển khai;</li>
<li>chọn những hình thức phong phú, hợp với điều kiện của Sở, và giới thiệu rộng rãi kinh nghiệm, cách làm hay, điển hình tốt;</li>
<li>phê bình, nhắc nhở và kiểm điểm công chức, viên chức gây phiền hà cho cá nhân, tổ chức khi tiếp nhận và giải quyết TTHC;</li>
<li>công khai, minh bạch thông tin về TTHC để cá nhân, tổ chức dễ tiếp cận, thực hiện và giám sát.</li>
</ul>
""",
    ),
    Text(
        group=PLAN,
        language="en",
        section="reform",
        poll=PLAN,
        published="2022-03-17T08:00",
        title="Communication plan for the control of administrative procedures in 2022",
        lead="The Department of Science and Technology has issued its plan for communication about the control of administrative procedures "
        "in 2022, to carry out Plan No. 30/KH-UBND dated 23/02/3022 of the People’s Committee of Quảng Ngãi Province.",
        body="""
<p>The plan explains to staff, citizens and businesses what the control of administrative procedures is for, and invites them to
follow how the Department handles their files.</p>
<p>It answers two earlier plans of the Department: Plan No. 1891/KH-SKHCN dated 30/12/2021 on administrative reform in 2022, and Plan
No. 226/KH-SKHCN dated 08/3/2022 on the control of administrative procedures in 2022. The full text is in Vietnamese.</p>
""",
    ),
    Text(
        group="control-2022",
        language="vi",
        section="reform",
        published="2022-03-09T09:30",
        title="Kế hoạch hoạt động kiểm soát thủ tục hành chính năm 2022",
        lead="Sở ban hành Kế hoạch số 226/KH-SKHCN ngày 08/3/2022 về hoạt động kiểm soát thủ tục hành chính năm 2022.",
        body="<p>Kế hoạch phân công việc rà soát, công bố và công khai thủ tục hành chính cho từng phòng, kèm thời hạn hoàn thành.</p>",
    ),
    Text(
        group="reform-2022",
        language="vi",
        section="reform",
        published="2021-12-31T10:00",
        title="Kế hoạch cải cách hành chính năm 2022 của Sở Khoa học và Công nghệ",
        lead="Kế hoạch số 1891/KH-SKHCN ngày 30/12/2021 nêu nhiệm vụ cải cách hành chính của Sở trong năm 2022.",
        body="<p>Sở đặt trọng tâm vào việc giải quyết hồ sơ đúng hạn, nộp hồ sơ trực tuyến và đo mức độ hài lòng của người dân.</p>",
    ),
    Text(
        group="online-filing",
        language="vi",
        section="reform",
        published="2022-03-14T14:00",
        title="Hướng dẫn nộp hồ sơ thủ tục hành chính trực tuyến",
        lead="Người dân có thể nộp hồ sơ tại nhà và theo dõi kết quả bằng mã hồ sơ.",
        body="<p>Bài viết hướng dẫn từng bước: đăng nhập, chọn thủ tục, điền tờ khai, đính kèm giấy tờ và nhận kết quả.</p>",
    ),
    Text(
        group="review-q1",
        language="vi",
        section="reform",
        published="2022-03-21T08:15",
        title="Kết quả rà soát thủ tục hành chính quý I năm 2022",
        lead="Các phòng của Sở đã rà soát những thủ tục đang áp dụng và đề xuất rút ngắn thời gian giải quyết.",
        body="<p>Đề xuất được tổng hợp để trình cấp có thẩm quyền xem xét.</p>",
    ),
    Text(
        group="one-stop",
        language="vi",
        section="reform",
        published="2022-02-18T15:20",
        title="Bộ phận một cửa tiếp nhận hồ sơ cả buổi sáng thứ bảy",
        lead="Từ tháng 3 năm 2022, bộ phận một cửa nhận và trả hồ sơ thêm buổi sáng thứ bảy.",
        body="<p>Người dân bận việc trong tuần có thêm thời gian để nộp hồ sơ và nhận kết quả.</p>",
    ),
    Text(
        group="topics-2022",
        language="vi",
        section="science",
        published="2022-03-11T07:45",
        title="Mời đề xuất nhiệm vụ khoa học và công nghệ cấp tỉnh",
        lead="Sở mời tổ chức, cá nhân đề xuất nhiệm vụ nghiên cứu gắn với nhu cầu của địa phương.",
        body="<p>Đề xuất nêu rõ vấn đề cần giải quyết, kết quả dự kiến và nơi sẽ sử dụng kết quả.</p>",
    ),
    Text(
        group="standards-day",
        language="vi",
        section="science",
        published="2022-03-04T16:00",
        title="Phổ biến quy định về đo lường cho các chợ trên địa bàn tỉnh",
        lead="Ban quản lý các chợ được hướng dẫn kiểm tra cân và phương tiện đo.",
        body="<p>Buổi phổ biến giới thiệu cách nhận biết cân đạt yêu cầu và quyền của người mua hàng.</p>",
    ),
    Text(
        group="feedback-line",
        language="vi",
        section="notices",
        published="2022-03-10T08:00",
        title="Tiếp nhận phản ánh, kiến nghị về quy định hành chính",
        lead="Người dân, doanh nghiệp có thể gửi phản ánh, kiến nghị về quy định hành chính đến Sở.",
        body="<p>Mọi phản ánh được ghi nhận, chuyển đúng nơi xử lý và trả lời bằng văn bản.</p>",
    ),
)
