package io.kubra.apiserver.cel;

import dev.cel.common.CelFunctionDecl;
import dev.cel.common.CelOverloadDecl;
import dev.cel.common.types.CelType;
import dev.cel.common.types.SimpleType;
import dev.cel.runtime.CelFunctionBinding;
import dev.cel.runtime.CelFunctionOverload;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;

/**
 * A function in its overloads.
 *
 * @param name under which expressions call it
 */
record Function(String name, List<Overload> overloads) {

  /** An argument: its type for the checker, and the class of its values. */
  record Arg(CelType type, Class<?> valueClass) {
    static final Arg STRING = new Arg(SimpleType.STRING, String.class);
    static final Arg INT = new Arg(SimpleType.INT, Long.class);
    static final Arg BOOL = new Arg(SimpleType.BOOL, Boolean.class);
  }

  /**
   * One signature.
   *
   * @param member whether it is called on its first argument
   */
  record Overload(
      String id, boolean member, CelType result, List<Arg> args, CelFunctionOverload code) {}

  static Function of(String name, Overload... overloads) {
    return new Function(name, List.of(overloads));
  }

  /** A signature called on its first argument. */
  static Overload member(String id, CelType result, List<Arg> args, CelFunctionOverload code) {
    return new Overload(id, true, result, args, code);
  }

  /** A signature called by its name alone. */
  static Overload global(String id, CelType result, List<Arg> args, CelFunctionOverload code) {
    return new Overload(id, false, result, args, code);
  }

  CelFunctionDecl declaration() {
    return CelFunctionDecl.newFunctionDeclaration(
        name,
        overloads.stream()
            .map(
                o -> {
                  List<CelType> types = o.args().stream().map(Arg::type).toList();
                  return o.member()
                      ? CelOverloadDecl.newMemberOverload(o.id(), o.result(), types)
                      : CelOverloadDecl.newGlobalOverload(o.id(), o.result(), types);
                })
            .toList());
  }

  Collection<CelFunctionBinding> bindings() {
    CelFunctionBinding[] all = new CelFunctionBinding[overloads.size()];
    Arrays.setAll(
        all,
        i -> {
          Overload o = overloads.get(i);
          List<Class<?>> classes = o.args().stream().<Class<?>>map(Arg::valueClass).toList();
          return CelFunctionBinding.from(o.id(), classes, o.code());
        });
    return CelFunctionBinding.fromOverloads(name, all);
  }
}
