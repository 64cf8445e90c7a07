"""Articles as feeds, maps and the API read them: without their texts."""

from sqlalchemy import Select
from sqlalchemy.orm import lazyload, load_only

from portal.articles.models import Article

READ = (
    *(Article.title, Article.slug, Article.lead, Article.language, Article.section_id, Article.translation_group),
    *(Article.author_line, Article.published_at, Article.updated_at),
)


def in_brief(articles: Select[Article]) -> Select[Article]:
    """Have a selection read neither texts nor sections."""
    return articles.options(load_only(*READ), lazyload(Article.section))


def changed_at(article: Article) -> int:
    """Return the instant of an article's last change."""
    return article.updated_at or article.published_at
