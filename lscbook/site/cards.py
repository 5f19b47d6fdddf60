"""A link with a card beside it: the way in which citations and words of the glossary explain themselves."""


def with_card(href: str, text: str, card: str, number: int, kind: str = "cite") -> str:
    """A link that works as it is, and a card that `book.js` shows on hover, focus and tap.

    All but `number`, which is unique on its page, is HTML.
    """
    return (
        f'<span class="{kind} has-card"><a href="{href}" aria-describedby="card-{number}">{text}</a>'
        f'<span class="card-of" id="card-{number}" role="tooltip" hidden>{card}</span></span>'
    )
