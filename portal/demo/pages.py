"""Store the demo's static pages."""

from collections.abc import Sequence

from sqlalchemy.orm import Session

from portal.core.text import slug
from portal.demo.reading import Sheet
from portal.site.models import Page
from portal.visits.models import SITE


def store(session: Session, sheets: Sequence[Sheet], now: int) -> dict[str, str]:
    """Store pages, parents first; return their paths by the addresses under which demo content names them."""
    stored: dict[tuple[str, str], Page] = {}
    for sheet in sheets:
        parent = stored[sheet.language, sheet.parent].id if sheet.parent else None
        page = Page(
            site_id=SITE,
            language=sheet.language,
            translation_group=sheet.group,
            parent_id=parent,
            slug=slug(sheet.title) if sheet.language == "en" else sheet.stem,
            title=sheet.title,
            body=sheet.body,
            position=sheet.position,
            updated_at=now,
        )
        session.add(page)
        session.flush()
        stored[sheet.language, sheet.stem] = page
    return {f"{_prefix(lang)}/trang/{stem}": f"{_prefix(lang)}/trang/{page.slug}" for (lang, stem), page in stored.items()}


def _prefix(language: str) -> str:
    return "/en" if language == "en" else ""
