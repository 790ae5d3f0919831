package io.kubra.node.volume;

import java.nio.file.Path;

/**
 * A claim's volume that a pod has in place.
 *
 * @param volume the volume's name in the pod
 * @param path where it is on the node
 */
public record ClaimVolume(
    String podUid, String volume, String namespace, String claim, Path path) {}
