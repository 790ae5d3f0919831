package io.kubra.node.registration;

import io.kubra.api.json.Json;
import io.kubra.api.json.JsonSyntaxException;
import io.kubra.api.tree.Trees;
import io.kubra.model.core.v1.NodeRuntimeHandler;
import io.kubra.node.cri.CriClient;
import io.kubra.node.cri.v1.Cri;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/**
 * The handlers that the runtime has, for RuntimeClasses. containerd tells them from version 2 on;
 * before, its configuration does, which it gives to those who ask for a verbose status.
 */
final class RuntimeHandlers {
  private static final Duration KEPT = Duration.ofMinutes(1);

  private final CriClient cri;
  private final InstantSource clock;
  private List<NodeRuntimeHandler> known = List.of();
  private Instant asked = Instant.EPOCH;

  RuntimeHandlers(CriClient cri, InstantSource clock) {
    this.cri = cri;
    this.clock = clock;
  }

  /** The handlers, at most a minute old. */
  List<NodeRuntimeHandler> now() {
    Instant now = clock.instant();
    if (Duration.between(asked, now).compareTo(KEPT) >= 0) {
      known = of(cri.verboseStatus());
      asked = now;
    }
    return known;
  }

  private static List<NodeRuntimeHandler> of(Cri.StatusResponse status) {
    TreeSet<String> names = new TreeSet<>();
    status.getRuntimeHandlersList().forEach(handler -> names.add(handler.getName()));
    String config = status.getInfoMap().get("config");
    if (names.isEmpty() && config != null) {
      try {
        Map<String, Object> runtimes =
            Trees.map(
                Json.parseObject(config.getBytes(StandardCharsets.UTF_8)),
                "containerd",
                "runtimes");
        if (runtimes != null) {
          names.addAll(runtimes.keySet());
        }
      } catch (JsonSyntaxException e) {
        // Another runtime may call "config" what it likes: then it has no handlers to name.
        return List.of();
      }
    }
    return names.stream().map(name -> NodeRuntimeHandler.builder().name(name).build()).toList();
  }
}
