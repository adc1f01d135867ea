"""Content packs: folders of YAML and Markdown, read with care (`reader`) and published as numbered versions (`publisher`).

What a pack may say is in docs/authoring.md, and as code in `format`.
"""
