package io.kubra.cli.local;

import io.kubra.cli.process.Daemon;
import java.nio.file.Path;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * Where managed programs run: on the control plane's host or in a machine.
 *
 * @param prefix what stands before a program's name in labels, pid files and cgroups
 * @param root the folder that must be passable for their users, as the host sees it
 * @param programs the folder that holds theirs, as the host sees it
 * @param programsInside the same folder as they see it
 * @param run where pid files are kept
 * @param logs where logs are kept
 * @param cgroupRoot the cgroup under which each has its own
 * @param entering what makes a command run there
 */
record ProgramPlace(
    String prefix,
    Path root,
    Path programs,
    Path programsInside,
    Path run,
    Path logs,
    String cgroupRoot,
    UnaryOperator<List<String>> entering) {

  static ProgramPlace host(LocalCluster cluster) {
    Path programs = cluster.state().resolve("programs");
    return new ProgramPlace(
        "",
        LocalCluster.stateRoot(),
        programs,
        programs,
        cluster.run().resolve("programs"),
        cluster.state().resolve("log"),
        cluster.cgroup(),
        command -> command);
  }

  static ProgramPlace machine(Machine machine) {
    return new ProgramPlace(
        machine.name() + "/",
        machine.varLib(),
        machine.varLib().resolve("programs"),
        Path.of("/var/lib/programs"),
        machine.cluster().run().resolve("programs").resolve(machine.name()),
        machine.disk().resolve("var-log"),
        machine.cgroup(),
        machine::inside);
  }

  String label(String name) {
    return prefix + name;
  }

  Path folder(String name) {
    return programs.resolve(name);
  }

  Path folderInside(String name) {
    return programsInside.resolve(name);
  }

  String cgroup(String name) {
    return cgroupRoot + "/" + name;
  }

  List<String> command(List<String> words) {
    return entering.apply(words);
  }

  Daemon daemon(String name) {
    return new Daemon(name, run.resolve(name + ".pid"), logs.resolve(name + ".log"));
  }
}
