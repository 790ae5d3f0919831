package io.kubra.node.volume;

import java.nio.file.Path;

/**
 * A volume in its place.
 *
 * @param path where it is on the node
 * @param readOnly whether no container may write to it
 */
public record MountedVolume(Path path, boolean readOnly) {}
