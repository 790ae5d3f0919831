package io.kubra.console.page;

import io.kubra.client.ApiRequest;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/** {@code /log/NAMESPACE/POD/CONTAINER}: the last lines a container wrote. */
public final class LogPage implements Page {
  private static final int LINES = 300;

  /** What it shows. */
  public record Log(String namespace, String pod, String container, String text)
      implements Content {}

  @Override
  public boolean matches(Visit visit) {
    return visit.segments().size() == 4 && visit.segments().getFirst().equals("log");
  }

  @Override
  public String title(Visit visit) {
    return "Log of " + visit.segments().get(2);
  }

  @Override
  public String template() {
    return "log.jte";
  }

  @Override
  public Content read(Visit visit) {
    String namespace = visit.segments().get(1);
    String pod = visit.segments().get(2);
    String container = visit.segments().get(3);
    String target =
        "/api/v1/namespaces/%s/pods/%s/log?container=%s&tailLines=%d&limitBytes=1000000"
            .formatted(Visit.encode(namespace), Visit.encode(pod), Visit.encode(container), LINES);
    byte[] text = visit.api().call(new ApiRequest("GET", target, Map.of("Accept", "*/*"), null));
    return new Log(namespace, pod, container, new String(text, StandardCharsets.UTF_8));
  }
}
