"""Files that are no documents, or would harm whoever reads them: each is refused by a word, before anything is written."""

from pathlib import Path

import pytest

from portal.articles.docx import package
from tests.articles.bad_documents import BAD, SENTENCES
from tests.articles.documents import converted


@pytest.mark.parametrize("wrong", BAD)
def test_a_bad_file_is_refused_by_its_word(tmp_path: Path, wrong: str) -> None:
    make, expected = BAD[wrong]
    with pytest.raises(ValueError, match=f"^{expected}$"):
        converted(tmp_path, make())
    assert not any((tmp_path / "pictures").iterdir())


def test_each_word_is_a_sentence_and_has_its_file() -> None:
    assert set(SENTENCES) == set(package.WORDS) == {word for _, word in BAD.values()}
