package io.kubra.cli.podlogs;

import io.kubra.api.status.ApiException;
import io.kubra.client.ApiClient;
import io.kubra.client.ApiRequest;
import io.kubra.client.ApiResponse;
import io.kubra.client.ListOptions;
import io.kubra.model.core.v1.ContainerStatus;
import io.kubra.model.core.v1.Pod;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Prints the logs of many containers, each line after the name of its container. Without following,
 * one container comes after the other; followed ones take turns line by line.
 */
public final class PodLogs {
  private static final long LOOK_AGAIN_MILLIS = 1000;

  private final ApiClient client;
  private final LogSelection selection;
  private final PrintStream out;

  /** Logs of a cluster, printed to a stream. */
  public PodLogs(ApiClient client, LogSelection selection, PrintStream out) {
    this.client = client;
    this.selection = selection;
    this.out = out;
  }

  /** One start of one container. */
  private record Source(String namespace, String pod, String container, String id) {
    String prefix() {
      return "[" + namespace + "/" + pod + "/" + container + "] ";
    }
  }

  /**
   * Prints, and returns when there is no more; following, when the thread is interrupted.
   *
   * @return how many containers there were
   * @throws ApiException if the pods cannot be listed
   */
  public int print() throws InterruptedException {
    Set<Source> known = new HashSet<>();
    List<Source> first = sources();
    known.addAll(first);
    if (!selection.follow()) {
      first.forEach(source -> copy(source, true));
      out.flush();
      return first.size();
    }
    first.forEach(source -> follow(source, true));
    while (true) {
      Thread.sleep(LOOK_AGAIN_MILLIS);
      for (Source source : lookAgain()) {
        if (known.add(source)) {
          follow(source, false);
        }
      }
    }
  }

  private void follow(Source source, boolean presentFromTheStart) {
    Thread.ofVirtual()
        .name("logs " + source.prefix())
        .start(() -> copy(source, presentFromTheStart));
  }

  private List<Source> lookAgain() {
    try {
      return sources();
    } catch (ApiException | UncheckedIOException e) {
      // The API server is away for a while; what is followed already may go on.
      return List.of();
    }
  }

  /** The containers that have started, in the order of namespaces and pods. */
  private List<Source> sources() {
    ListOptions options =
        selection.selector().isEmpty()
            ? ListOptions.ALL
            : ListOptions.ALL.withLabels(selection.selector());
    List<Source> sources = new ArrayList<>();
    for (Pod pod : client.resource(Pod.RESOURCE).list(selection.namespace(), options).items()) {
      Stream.of(
              pod.status().initContainerStatuses(),
              pod.status().containerStatuses(),
              pod.status().ephemeralContainerStatuses())
          .flatMap(List::stream)
          .forEach(status -> addStarted(pod, status, sources));
    }
    return sources;
  }

  private static void addStarted(Pod pod, ContainerStatus status, List<Source> sources) {
    String id = status.containerID();
    if (id != null && !id.isEmpty()) {
      sources.add(new Source(pod.metadata().namespace(), pod.metadata().name(), status.name(), id));
    }
  }

  private void copy(Source source, boolean presentFromTheStart) {
    try (ApiResponse response = client.open(ApiRequest.get(path(source, presentFromTheStart)));
        BufferedReader lines =
            new BufferedReader(new InputStreamReader(response.body(), StandardCharsets.UTF_8))) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        synchronized (out) {
          out.println(source.prefix() + line);
          if (selection.follow()) {
            out.flush();
          }
        }
      }
    } catch (ApiException | UncheckedIOException | IOException e) {
      // One container whose node is away must not hide the logs of all others.
      System.err.println(source.prefix() + "cannot be read: " + e.getMessage());
    }
  }

  private String path(Source source, boolean presentFromTheStart) {
    StringBuilder path = new StringBuilder();
    path.append("/api/v1/namespaces/").append(source.namespace());
    path.append("/pods/").append(source.pod()).append("/log?container=");
    path.append(URLEncoder.encode(source.container(), StandardCharsets.UTF_8));
    if (selection.follow()) {
      path.append("&follow=true");
    }
    // What starts while we follow is new altogether.
    if (presentFromTheStart && selection.since() != null) {
      path.append("&sinceSeconds=").append(selection.since().toSeconds());
    }
    if (presentFromTheStart && selection.tail() >= 0) {
      path.append("&tailLines=").append(selection.tail());
    }
    return path.toString();
  }
}
