"""Does for git over SSH what a request does for git over HTTPS: makes a repository when somebody first asks for it."""

import threading

from sandbox.git_repositories import bare_repository
from sandbox.ssh_folder import SshFolder
from sandbox.world import World

_PAUSE_SECONDS = 0.1


class SshClerk:
    """A thread that looks into the spool until it is stopped."""

    def __init__(self, world: World, folder: SshFolder) -> None:
        """Start looking."""
        self._world, self._folder = world, folder
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._work, daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Stop looking."""
        self._stopped.set()
        self._thread.join()

    def _work(self) -> None:
        while not self._stopped.wait(_PAUSE_SECONDS):
            for uuid in self._folder.taken_wishes():
                self._make(uuid)

    def _make(self, uuid: str) -> None:
        for workspace in list(self._world.workspaces.values()):
            repository = workspace.repository(uuid)
            if repository is not None:
                bare_repository(self._world.store.git_folder, repository)
