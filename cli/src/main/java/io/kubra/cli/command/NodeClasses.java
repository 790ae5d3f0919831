package io.kubra.cli.command;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.jar.JarFile;

/**
 * Loads, without running them, the classes of a node: a node cannot start during the training run,
 * which must leave the host as it is, but its classes shall be in the start-up cache too.
 */
final class NodeClasses {
  private static final List<String> JARS =
      List.of(
          "kubra-node-",
          "kubra-network-",
          "grpc-netty-",
          "grpc-api-",
          "grpc-core-",
          "grpc-util-",
          "grpc-stub-");

  private NodeClasses() {}

  static void load() throws IOException {
    for (String file : System.getProperty("java.class.path").split(":")) {
      Path jar = Path.of(file);
      if (JARS.stream().anyMatch(jar.getFileName().toString()::startsWith)) {
        loadAll(jar);
      }
    }
  }

  private static void loadAll(Path jar) throws IOException {
    try (JarFile open = new JarFile(jar.toFile())) {
      open.stream()
          .map(entry -> entry.getName())
          .filter(name -> name.endsWith(".class") && !name.startsWith("META-INF"))
          .filter(name -> !name.endsWith("-info.class"))
          .forEach(name -> load(name.substring(0, name.length() - 6).replace('/', '.')));
    }
  }

  private static void load(String name) {
    try {
      Class.forName(name, false, NodeClasses.class.getClassLoader());
    } catch (ClassNotFoundException | LinkageError e) {
      // Parts of libraries that need others which are not shipped: nobody will load them.
      return;
    }
  }
}
