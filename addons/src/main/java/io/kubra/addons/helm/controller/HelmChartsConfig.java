package io.kubra.addons.helm.controller;

import java.net.URI;
import java.nio.file.Path;

/**
 * How the controller of HelmCharts runs Helm.
 *
 * @param server the API server's address, as Helm's processes reach it
 * @param authority the PEM certificates that vouch for the server
 * @param folder the folder for the files of runs, which nobody else may read
 * @param command how Helm is started
 */
public record HelmChartsConfig(
    URI server, byte[] authority, Path folder, HelmCommandLine command) {}
