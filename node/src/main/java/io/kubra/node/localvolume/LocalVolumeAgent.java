package io.kubra.node.localvolume;

import io.kubra.api.json.Json;
import io.kubra.api.status.ApiException;
import io.kubra.client.ApiClient;
import io.kubra.client.PatchType;
import io.kubra.client.ResourceClient;
import io.kubra.client.informer.EventHandler;
import io.kubra.client.informer.SharedInformer;
import io.kubra.client.volume.LocalVolumes;
import io.kubra.model.core.v1.Node;
import io.kubra.node.volume.LocalFolders;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Says on the node's object what it offers for volumes, and does there what the provisioner asks
 * for. One thread; what could not be answered is tried again.
 */
public final class LocalVolumeAgent implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(LocalVolumeAgent.class);
  private static final Duration LOOK = Duration.ofMinutes(1);
  private static final Duration AGAIN = Duration.ofSeconds(2);

  private final ResourceClient<Node> nodes;
  private final SharedInformer<Node> self;
  private final String name;
  private final LocalFolders folders;
  private final Semaphore changed = new Semaphore(0);
  private final Thread thread;

  /**
   * Starts to listen.
   *
   * @param self follows the node's own object
   */
  public LocalVolumeAgent(
      ApiClient client, SharedInformer<Node> self, String name, LocalFolders folders) {
    this.nodes = client.resource(Node.RESOURCE);
    this.self = self;
    this.name = name;
    this.folders = folders;
    self.addHandler(
        new EventHandler<>() {
          @Override
          public void onAdd(Node node) {
            changed.release();
          }

          @Override
          public void onUpdate(Node old, Node node) {
            if (!old.metadata().annotations().equals(node.metadata().annotations())) {
              changed.release();
            }
          }

          @Override
          public void onDelete(Node node) {
            // The reporter brings it back.
          }
        });
    this.thread = Thread.ofVirtual().name("local-volumes").start(this::run);
  }

  private void run() {
    try {
      while (true) {
        Duration pause = LOOK;
        Node node = self.get("", name);
        if (node != null) {
          try {
            offer(node);
            node.metadata().annotations().forEach(this::heed);
          } catch (IOException | ApiException | UncheckedIOException e) {
            LOG.warn("local volumes: {}", e.getMessage());
            pause = AGAIN;
          }
        }
        var unused = changed.tryAcquire(pause.toMillis(), TimeUnit.MILLISECONDS);
        changed.drainPermits();
      }
    } catch (InterruptedException e) {
      LOG.trace("local volumes end");
    }
  }

  private void offer(Node node) throws IOException {
    folders.prepare();
    String path = folders.root().toString();
    String capacity = Long.toString(Files.getFileStore(folders.root()).getTotalSpace());
    Map<String, String> known = node.metadata().annotations();
    if (!path.equals(known.get(LocalVolumes.PATH))
        || !capacity.equals(known.get(LocalVolumes.CAPACITY))) {
      annotate(Map.of(LocalVolumes.PATH, path, LocalVolumes.CAPACITY, capacity));
    }
  }

  private void heed(String annotation, String request) {
    String volume = LocalVolumes.volume(annotation);
    if (volume.isEmpty()) {
      return;
    }
    String answer;
    try {
      switch (request) {
        case LocalVolumes.CREATE -> {
          folders.create(volume);
          answer = LocalVolumes.CREATED;
        }
        case LocalVolumes.DELETE -> {
          folders.delete(volume);
          answer = LocalVolumes.DELETED;
        }
        default -> {
          return;
        }
      }
    } catch (IOException e) {
      LOG.warn("{} of local volume {} failed", request, volume, e);
      answer = LocalVolumes.FAILED + e.getMessage();
    }
    annotate(Map.of(annotation, answer));
  }

  private void annotate(Map<String, String> annotations) {
    byte[] patch = Json.write(Map.of("metadata", Map.of("annotations", annotations)));
    var unused = nodes.patch("", name, PatchType.MERGE, patch, null);
  }

  @Override
  public void close() {
    thread.interrupt();
  }
}
