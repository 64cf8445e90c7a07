"""What is answered where an article or a section is not shown: why, and where to go on."""

from typing import Any

from flask import Response, abort, make_response, redirect, render_template
from sqlalchemy import select

from portal.articles.lines import home_url_of, without_texts
from portal.articles.models import Article, Section, visible
from portal.articles.sections import home_url
from portal.core import clock, formats, language
from portal.core.db import db
from portal.core.language import _


def instead_of_article(article_id: int) -> Response:
    """Answer for an article that the request's language does not show.

    Taken down: 410 with the reason. In another language: its translation, else 404 with its title there. Else 404, as for
    one that never was: what is scheduled is nobody's business yet.
    """
    now = clock.now_ms()
    article = db.session.scalar(select(Article).where(Article.id == article_id, Article.published_at <= now))
    if article is None:
        abort(404)
    if article.withdrawn_at is not None:
        return _withdrawn(article, now) if article.withdrawn_at > article.published_at else abort(404)
    same = visible(now).where(Article.translation_group == article.translation_group)
    translated = db.session.scalar(without_texts(same.where(Article.language == language.current())))
    if translated is not None:
        return redirect(home_url_of(translated), 302)  # type: ignore[return-value]
    return _untranslated(_only("article", article.language), article.language, article.title, home_url_of(article))


def instead_of_section(slug: str) -> Response:
    """Answer for a section that the request's language does not have: lead to its translation, else say where it is."""
    section = db.session.scalar(select(Section).where(Section.slug == slug, Section.language != language.current()).limit(1))
    if section is None:
        abort(404)
    same = select(Section).where(Section.translation_group == section.translation_group)
    translated = db.session.scalar(same.where(Section.language == language.current()).limit(1))
    if translated is not None:
        return redirect(home_url(translated), 302)  # type: ignore[return-value]
    return _untranslated(_only("section", section.language), section.language, section.name, home_url(section))


def _withdrawn(article: Article, now: int) -> Response:
    """Say that an article was taken down. Its title is not said: it may be the very thing that had to go."""
    instead = db.session.scalar(without_texts(visible(now).where(Article.id == article.replaced_by_id)))
    return _answer(
        410,
        "articles/withdrawn.html",
        withdrawn_on=formats.day(article.withdrawn_at or 0),
        reason=article.withdrawn_reason,
        written_in=article.language,
        instead=_link(instead) if instead is not None else None,
    )


def _link(article: Article) -> dict[str, str]:
    return {"title": article.title, "url": home_url_of(article), "lang": article.language}


def _untranslated(title: str, lang: str, name: str, url: str) -> Response:
    there = language.Alternate(url=url, lang=lang, label=language.NAMES[lang], exact=False)
    return _answer(404, "articles/untranslated.html", title=title, name=name, alternate=there)


def _only(noun: str, lang: str) -> str:
    """Return the sentence that says in which language alone something is there."""
    sentences = {
        ("article", "vi"): _("This article is available in Vietnamese only"),
        ("article", "en"): _("This article is available in English only"),
        ("section", "vi"): _("This section is available in Vietnamese only"),
        ("section", "en"): _("This section is available in English only"),
    }
    return sentences[noun, lang]


def _answer(status: int, template: str, **values: Any) -> Response:
    response = make_response(render_template(template, **values), status)
    response.headers["Cache-Control"] = "no-store"
    return response
