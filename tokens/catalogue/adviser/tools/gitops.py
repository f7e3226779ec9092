"""What reads a repository into a cluster."""

from typing import Final

from tokens.catalogue.adviser import paths as at
from tokens.catalogue.adviser.model import Tool
from tokens.catalogue.adviser.paths import every
from tokens.catalogue.adviser.tools.entry import may_need, needs, tool

_ARGO: Final = "https://github.com/argoproj/argo-cd/blob"
_FLUX: Final = "https://github.com/fluxcd/notification-controller/blob"

GITOPS_TOOLS: Final[tuple[Tool, ...]] = (
    tool(
        "argo-cd",
        "Argo CD",
        "Bring what is in a repository into a cluster",
        "machine",
        needs("read manifests", at.GIT_FETCH),
        may_need(
            "with an ApplicationSet for a workspace",
            *every("GET", at.REPOSITORIES, at.BRANCHES, f"{at.BRANCHES}/{{name}}", at.FILE),
        ),
        may_need("with an ApplicationSet for pull requests", f"GET {at.PULL_REQUESTS}"),
        source=(
            f"{_ARGO}/cc40746d557f3595632488a042586efa3d8eca3c/applicationset/services/scm_provider/bitbucket_cloud.go"
        ),
        note=(
            "A read-only deploy key is enough to read manifests. The workspace generator signs in with a user name and"
            " `appPasswordRef` only: an API token with the e-mail address. The one for pull requests also takes an"
            f" access token ({_ARGO}/bf9a3b8716582f84db82b3f7ef28b511dd097b9d/applicationset/services/pull_request"
            "/bitbucket_cloud.go)."
        ),
    ),
    tool(
        "flux",
        "Flux",
        "Bring what is in a repository into a cluster",
        "machine",
        needs("read manifests", at.GIT_FETCH),
        may_need("with a notification provider", f"GET {at.BUILD_STATUS}", f"POST {at.BUILD_STATUSES}"),
        source=f"{_FLUX}/13b45efac602709a681c67f2c02834f4919e1b07/internal/notifier/bitbucket.go",
        asks="repository:write",
        asks_dialect="classic",
        asks_source=f"{_FLUX}/022b97cabe67a69ebe7d0c8abde40b6fe57b6fc5/docs/spec/v1beta3/providers.md",
        note=(
            "Its documentation asks for writing to post build results; Bitbucket asks only for reading. The provider's"
            " token is `user:password` and signs in with both, so an API token wants the e-mail address there. A"
            " read-only deploy key is enough to read manifests. Image updates push, so they"
            " need writing as well; their code was not read."
        ),
    ),
)
