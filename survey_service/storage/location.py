"""Where a folder lies: on a disk of this machine, or on one behind a network.

Locks and renames of network file systems do not hold what this store relies on.
"""

from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

from survey_service.errors import Code, SurveyError

NETWORK_KINDS = frozenset(
    {"9p", "acfs", "afpfs", "afs", "beegfs", "ceph", "cifs", "coda", "davfs", "fuse.ceph"}
    | {"fuse.glusterfs", "fuse.rclone", "fuse.s3fs", "fuse.sshfs", "gfs2", "glusterfs", "gpfs"}
    | {"lustre", "ncpfs", "nfs", "nfs3", "nfs4", "ocfs2", "orangefs", "pvfs2", "remote"}
    | {"smb", "smb2", "smb3", "smbfs", "vboxsf", "vmhgfs", "webdav"}
)


class Mount(NamedTuple):
    """A place in the tree of folders and the kind of file system that begins there."""

    folder: Path
    kind: str


def require_local(folder: Path) -> None:
    """Raise ``store_network`` if a folder, or the nearest one above it, is on a network disk."""
    kind = find_kind(folder.resolve(), _list_mounts())
    if kind in NETWORK_KINDS:
        raise SurveyError(Code.STORE_NETWORK, kind=kind)


def find_kind(folder: Path, mounts: Iterable[Mount]) -> str:
    """Return the kind of file system that holds a folder; empty if no mount is known.

    >>> mounts = [Mount(Path("/"), "ext4"), Mount(Path("/home"), "nfs4")]
    >>> find_kind(Path("/home/gang/survey"), mounts), find_kind(Path("/homes"), mounts)
    ('nfs4', 'ext4')
    """
    holding = [mount for mount in mounts if folder.is_relative_to(mount.folder)]
    # of several mounts on one place the last hides the others
    return max(holding, key=lambda mount: len(mount.folder.parts), default=Mount(folder, "")).kind


def _list_mounts() -> list[Mount]:
    from psutil import disk_partitions  # noqa: PLC0415 - only commands that make or serve a store

    found = disk_partitions(all=True)
    return [
        Mount(Path(each.mountpoint), "remote" if "remote" in each.opts.split(",") else each.fstype)
        for each in reversed(found)
    ]
