"""Programs that people connect to Bitbucket Cloud, with the calls each makes and where that was read."""

from typing import Final

from tokens.catalogue.adviser.model import Tool
from tokens.catalogue.adviser.tools.bots import BOTS
from tokens.catalogue.adviser.tools.builds import BUILD_TOOLS
from tokens.catalogue.adviser.tools.catalogues import CATALOGUES
from tokens.catalogue.adviser.tools.editors import EDITORS
from tokens.catalogue.adviser.tools.entry import SEEN_ON
from tokens.catalogue.adviser.tools.gitops import GITOPS_TOOLS
from tokens.catalogue.adviser.tools.infrastructure import INFRASTRUCTURE

TOOLS: Final[tuple[Tool, ...]] = (
    *EDITORS,
    *BUILD_TOOLS,
    *BOTS,
    *GITOPS_TOOLS,
    *CATALOGUES,
    *INFRASTRUCTURE,
)
TOOL_BY_SLUG: Final[dict[str, Tool]] = {tool.slug: tool for tool in TOOLS}

__all__ = ["SEEN_ON", "TOOLS", "TOOL_BY_SLUG"]
