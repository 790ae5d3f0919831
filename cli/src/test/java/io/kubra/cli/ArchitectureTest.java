package io.kubra.cli;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.library.GeneralCodingRules;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Holds what ARCHITECTURE.md says of modules and packages. */
class ArchitectureTest {
  private static final String ROOT = "io.kubra.";

  /** The modules that each module may use, besides itself. */
  private static final Map<String, Set<String>> MODULES =
      Map.ofEntries(
          Map.entry("codegen", Set.of()),
          Map.entry("api", Set.of()),
          Map.entry("model", Set.of()),
          Map.entry("store", Set.of()),
          Map.entry("transport", Set.of()),
          Map.entry("metrics", Set.of()),
          Map.entry("apiserver", Set.of("api", "store", "transport", "metrics")),
          Map.entry("client", Set.of("api", "model", "transport", "metrics")),
          Map.entry("controllers", Set.of("api", "model", "client", "metrics")),
          Map.entry("scheduler", Set.of("api", "model", "client", "metrics")),
          Map.entry("node", Set.of("api", "model", "client", "transport", "metrics")),
          Map.entry("network", Set.of("api", "model", "client")),
          Map.entry("conformance", Set.of("api", "model", "client", "transport")),
          Map.entry("console", Set.of("api", "model", "client", "transport")),
          Map.entry("storage", Set.of("api", "model", "client", "controllers", "metrics")),
          Map.entry("addons", Set.of("api", "model", "client", "controllers", "metrics")),
          Map.entry(
              "cli",
              Set.of(
                  "api",
                  "model",
                  "store",
                  "transport",
                  "metrics",
                  "apiserver",
                  "client",
                  "conformance",
                  "controllers",
                  "scheduler",
                  "node",
                  "console",
                  "network",
                  "storage",
                  "addons")));

  /**
   * Classes that list all there is of something from the package at its root, which what they list
   * builds on. What they use makes no cycle; nothing else is excused.
   */
  private static final Set<String> LISTS =
      Set.of("io.kubra.apiserver.rules.BuiltinRules", "io.kubra.cli.Main");

  /** Written by other programs, by their own rules. */
  private static final Set<String> GENERATED =
      Set.of(
          "io.kubra.node.cri.v1",
          "io.kubra.node.action.v1",
          "io.kubra.store.etcd.v3",
          "io.kubra.console.templates");

  private static JavaClasses classes;

  @BeforeAll
  static void read() {
    classes =
        new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("io.kubra")
            .that(describe("not generated", c -> !GENERATED.contains(c.getPackageName())));
  }

  @Test
  void modulesDependOneWay() {
    Set<String> wrong = new TreeSet<>();
    for (JavaClass type : classes) {
      String from = module(type);
      for (Dependency dependency : type.getDirectDependenciesFromSelf()) {
        JavaClass target = dependency.getTargetClass().getBaseComponentType();
        if (ours(target)
            && !module(target).equals(from)
            && !MODULES.getOrDefault(from, Set.of()).contains(module(target))) {
          wrong.add(type.getName() + " uses " + target.getName());
        }
      }
    }
    assertThat(wrong).isEmpty();
  }

  @Test
  void everyModuleIsKnown() {
    Set<String> modules = new TreeSet<>();
    classes.forEach(type -> modules.add(module(type)));
    assertThat(MODULES.keySet()).containsAll(modules);
  }

  @Test
  void packagesDoNotUseOneAnotherInCycles() {
    Map<String, Set<String>> uses = new TreeMap<>();
    for (JavaClass type : classes) {
      // The types of the API refer to one another across groups, as upstream's do.
      if (module(type).equals("model") || LISTS.contains(type.getName())) {
        continue;
      }
      Set<String> targets = uses.computeIfAbsent(type.getPackageName(), p -> new TreeSet<>());
      for (Dependency dependency : type.getDirectDependenciesFromSelf()) {
        JavaClass target = dependency.getTargetClass().getBaseComponentType();
        if (ours(target) && !target.getPackageName().equals(type.getPackageName())) {
          targets.add(target.getPackageName());
        }
      }
    }
    Set<String> cyclic = new TreeSet<>();
    for (String start : uses.keySet()) {
      if (reachable(uses, start).contains(start)) {
        cyclic.add(start);
      }
    }
    assertThat(cyclic).isEmpty();
  }

  private static Set<String> reachable(Map<String, Set<String>> uses, String start) {
    Set<String> seen = new HashSet<>();
    Deque<String> open = new ArrayDeque<>(uses.getOrDefault(start, Set.of()));
    while (!open.isEmpty()) {
      String next = open.pop();
      if (seen.add(next)) {
        open.addAll(uses.getOrDefault(next, Set.of()));
      }
    }
    return seen;
  }

  @Test
  void onlyTheCommandLinePrints() {
    noClasses()
        .that()
        .resideOutsideOfPackages("io.kubra.cli..", "io.kubra.codegen..")
        .should(GeneralCodingRules.ACCESS_STANDARD_STREAMS)
        .check(classes);
  }

  @Test
  void noGenericExceptionIsThrown() {
    noClasses().should(GeneralCodingRules.THROW_GENERIC_EXCEPTIONS).check(classes);
  }

  @Test
  void everyPackageIsNullMarked() {
    Set<String> unmarked = new TreeSet<>();
    for (JavaClass type : classes) {
      if (!type.getPackage().isAnnotatedWith(NullMarked.class) && !markedItself(type)) {
        unmarked.add(type.getPackageName());
      }
    }
    assertThat(unmarked).isEmpty();
  }

  /** Whether the type's source file is marked by itself, as that of generated records is. */
  private static boolean markedItself(JavaClass type) {
    JavaClass outer = type;
    while (outer.getEnclosingClass().isPresent()) {
      outer = outer.getEnclosingClass().get();
    }
    return outer.isAnnotatedWith(NullMarked.class);
  }

  private static boolean ours(JavaClass type) {
    return type.getName().startsWith(ROOT);
  }

  private static String module(JavaClass type) {
    String rest = type.getPackageName().substring(ROOT.length());
    int dot = rest.indexOf('.');
    return dot < 0 ? rest : rest.substring(0, dot);
  }
}
