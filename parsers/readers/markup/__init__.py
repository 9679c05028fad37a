"""From a page to its blocks: `tree` (the parser, and nothing else knows which), `walk` (what is shown, in
order), `grid` (cells with their spans), `article` (where the article stands)."""
