package io.kubra.client.informer;

import io.kubra.model.Codec;
import io.kubra.model.KubernetesObject;
import io.kubra.model.ResourceType;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;

/** Objects in a file, one JSON text after the other, for their owner's eyes only. */
final class ObjectFile<T extends KubernetesObject> {
  private static final Logger LOG = LoggerFactory.getLogger(ObjectFile.class);

  private final Path file;
  private final ResourceType<T> type;

  ObjectFile(Path file, ResourceType<T> type) {
    this.file = file;
    this.type = type;
  }

  /** The objects last written; none if there is no file, or no whole one. */
  List<T> read() {
    List<T> objects = new ArrayList<>();
    try (InputStream in = Files.newInputStream(file);
        JsonParser parser = Codec.parser(in)) {
      while (parser.nextToken() != null) {
        objects.add(type.reader().apply(parser));
      }
      return objects;
    } catch (IOException | JacksonException e) {
      LOG.debug("{} are not known from before: {}", type, e.toString());
      return List.of();
    }
  }

  /** Replaces the file in one step. */
  void write(List<T> objects) {
    Path fresh = file.resolveSibling(file.getFileName() + ".new");
    try {
      Files.createDirectories(file.toAbsolutePath().getParent());
      Files.deleteIfExists(fresh);
      Files.createFile(
          fresh,
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
      try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(fresh))) {
        for (T object : objects) {
          out.write(object.toJson());
          out.write('\n');
        }
      }
      Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      LOG.warn("{} cannot be kept in {}: {}", type, file, e.toString());
    }
  }
}
