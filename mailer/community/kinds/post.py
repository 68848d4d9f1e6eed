"""Post: a piece for readers beyond the community, shown with its authors' consent."""

from mailer.community.kinds import Kind

KIND = Kind(
    name="post",
    tags=("post", "blogpost"),
    title="Post",
    description="A piece for readers beyond the community, shown with its authors' consent.",
)
