package io.kubra.node.volume;

/**
 * A file of a volume whose content comes from the API.
 *
 * @param content the bytes
 * @param mode the permission bits
 * @param owner the user it belongs to, -1 for root
 */
public record VolumeFile(byte[] content, int mode, long owner) {}
