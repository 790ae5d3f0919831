package io.kubra.cli.helm;

import io.kubra.addons.helm.library.HelmFunction;
import io.kubra.addons.helm.library.HelmOptions;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Logs in to registries and out. */
@Command(
    name = "registry",
    description = "login to or logout from a registry",
    subcommands = {RegistryCommand.Login.class, RegistryCommand.Logout.class})
final class RegistryCommand {
  private RegistryCommand() {}

  /** Checks and keeps credentials. */
  @Command(name = "login", description = "login to a registry")
  static final class Login extends HelmAction {
    @Parameters(paramLabel = "HOST")
    String host = "";

    @Option(
        names = {"-u", "--username"},
        description = "registry username")
    @Nullable String username;

    @Option(
        names = {"-p", "--password"},
        interactive = true,
        arity = "0..1",
        description = "registry password or identity token")
    @Nullable String password;

    @Option(names = "--password-stdin", description = "read password from stdin")
    boolean fromInput;

    @Mixin TlsFlags tls = new TlsFlags();

    @Override
    void run(HelmSession helm) {
      HelmOptions options =
          new HelmOptions()
              .text("hostname", host)
              .text("username", username)
              .text("password", fromInput ? input() : password);
      tls.apply(options, "insecure", true);
      print(helm.call(HelmFunction.REGISTRY_LOGIN, options).text());
    }

    private static String input() {
      try {
        return new String(System.in.readAllBytes(), StandardCharsets.UTF_8).stripTrailing();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  /** Forgets credentials. */
  @Command(name = "logout", description = "logout from a registry")
  static final class Logout extends HelmAction {
    @Parameters(paramLabel = "HOST")
    String host = "";

    @Override
    void run(HelmSession helm) {
      print(
          helm.call(HelmFunction.REGISTRY_LOGOUT, new HelmOptions().text("hostname", host)).text());
    }
  }
}
