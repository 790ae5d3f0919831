package io.kubra.addons.manifests;

import java.nio.file.Path;

/**
 * Which folder is kept applied.
 *
 * @param folder the folder; made if it is not there
 * @param server what this machine is called, to tell its folder from those of other servers
 */
public record ManifestsConfig(Path folder, String server) {}
