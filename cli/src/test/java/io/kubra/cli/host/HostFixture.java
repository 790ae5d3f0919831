package io.kubra.cli.host;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A machine made of files. */
final class HostFixture {
  private final Path root;

  HostFixture(Path root) {
    this.root = root;
  }

  HostFiles files() {
    return new HostFiles(root);
  }

  HostFixture file(String path, String content) throws IOException {
    Path file = root.resolve(path.substring(1));
    Files.createDirectories(file.getParent());
    Files.writeString(file, content + "\n");
    return this;
  }

  HostFixture system(String id, String like, String version, String kernel) throws IOException {
    Files.createDirectories(root.resolve("var/lib"));
    return file(
            "/etc/os-release",
            "ID=%s\nID_LIKE=\"%s\"\nVERSION_ID=\"%s\"\nPRETTY_NAME=\"%s %s\""
                .formatted(id, like, version, id, version))
        .file("/proc/sys/kernel/osrelease", kernel)
        .file("/sys/fs/cgroup/cgroup.controllers", "cpu memory");
  }

  /** CPUs of two threads a core, spread evenly. */
  HostFixture cpus(int sockets, int coresEach, String vendor, String flags) throws IOException {
    StringBuilder info = new StringBuilder();
    int cpu = 0;
    for (int socket = 0; socket < sockets; socket++) {
      for (int thread = 0; thread < coresEach * 2; thread++) {
        info.append(
            "processor\t: %d\nvendor_id\t: %s\ncpu family\t: 6\nmodel\t\t: 106\nflags\t\t: %s\n\n"
                .formatted(cpu, vendor, flags));
        String topology = "/sys/devices/system/cpu/cpu" + cpu + "/topology/";
        file(topology + "physical_package_id", Integer.toString(socket));
        file(topology + "core_id", Integer.toString(thread / 2));
        cpu++;
      }
      file("/sys/devices/system/node/node" + socket + "/cpulist", "");
    }
    file("/sys/devices/system/cpu/smt/active", "1");
    file("/sys/devices/system/cpu/smt/control", "on");
    return file("/proc/cpuinfo", info.toString());
  }

  HostFixture memory(long gibibytes, long hugePages) throws IOException {
    return file("/proc/meminfo", "MemTotal:       " + (gibibytes << 20) + " kB")
        .file("/sys/kernel/mm/hugepages/hugepages-2048kB/nr_hugepages", "" + hugePages)
        .file("/sys/kernel/mm/hugepages/hugepages-1048576kB/nr_hugepages", "0");
  }

  HostFixture port(String name, long speed, int possible, int functions) throws IOException {
    String folder = "/sys/class/net/" + name;
    return file(folder + "/speed", "" + speed)
        .file(folder + "/device/sriov_totalvfs", "" + possible)
        .file(folder + "/device/sriov_numvfs", "" + functions);
  }

  static HostFixture bigMachine(Path root) throws IOException {
    HostFixture machine =
        new HostFixture(root)
            .system("rhel", "fedora", "9.4", "5.14.0-427.el9.x86_64")
            .cpus(2, 32, "GenuineIntel", "fpu sse2 avx2 avx512f aes vmx")
            .memory(256, 1024)
            .file("/sys/block/nvme0n1/queue/rotational", "0")
            .file("/sys/bus/pci/devices/0000:17:00.0/class", "0x120000")
            .file("/sys/bus/pci/devices/0000:17:00.0/vendor", "0x8086")
            .file("/sys/class/net/lo/speed", "");
    for (int i = 0; i < 4; i++) {
      machine.port("ens" + i, 25_000, 64, i == 0 ? 8 : 0);
    }
    return machine;
  }

  static HostFixture smallVirtualMachine(Path root) throws IOException {
    return new HostFixture(root)
        .system("debian", "", "12", "6.1.0-18-amd64")
        .cpus(1, 1, "AuthenticAMD", "fpu sse2 avx2 hypervisor")
        .memory(4, 0)
        .port("eth0", -1, 0, 0);
  }
}
