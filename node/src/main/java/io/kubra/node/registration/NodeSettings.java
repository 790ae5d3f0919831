package io.kubra.node.registration;

import io.kubra.model.core.v1.Taint;
import java.util.List;
import java.util.Map;

/**
 * What the node says of itself and cannot measure.
 *
 * @param apiPort where its API listens, 0 for nowhere
 */
public record NodeSettings(
    String name,
    List<String> addresses,
    String version,
    int apiPort,
    Map<String, String> labels,
    Map<String, String> annotations,
    List<Taint> taints) {}
