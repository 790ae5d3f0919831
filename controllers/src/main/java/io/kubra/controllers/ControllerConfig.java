package io.kubra.controllers;

/**
 * What the controllers must know of the cluster.
 *
 * @param podNetwork the network of all pods in CIDR notation; empty to give nodes no ranges
 * @param nodeMask the prefix length of a node's part of it
 * @param rootCa the PEM certificate by which pods verify the API server
 */
public record ControllerConfig(String podNetwork, int nodeMask, String rootCa) {}
