"""The pages of the local GitHub: what a person sees in a browser, and the buttons that work.

Everything is rendered on the server and reads without JavaScript; a small script fetches the page
again when something changed. Text from repositories and comments is never trusted: templates
escape, Markdown keeps a short list of tags, and the policy of every answer allows nothing inline
and nothing from elsewhere.
"""
