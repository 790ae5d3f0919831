package io.kubra.apiserver.cel;

import dev.cel.bundle.CelBuilder;
import dev.cel.common.CelFunctionDecl;
import dev.cel.common.CelOverloadDecl;
import dev.cel.common.types.CelType;
import dev.cel.runtime.CelFunctionBinding;
import dev.cel.runtime.CelFunctionOverload;
import java.util.ArrayList;
import java.util.List;

/**
 * A function in its overloads.
 *
 * @param name under which expressions call it
 */
record Function(String name, List<Overload> overloads) {
  /**
   * One signature.
   *
   * @param member whether it is called on its first argument
   * @param classes the Java classes of the arguments
   */
  record Overload(
      String id,
      boolean member,
      CelType result,
      List<CelType> types,
      List<Class<?>> classes,
      CelFunctionOverload code) {}

  static Function of(String name, Overload... overloads) {
    return new Function(name, List.of(overloads));
  }

  void addTo(CelBuilder builder) {
    List<CelOverloadDecl> declarations = new ArrayList<>();
    List<CelFunctionBinding> bindings = new ArrayList<>();
    for (Overload o : overloads) {
      declarations.add(
          o.member()
              ? CelOverloadDecl.newMemberOverload(o.id(), o.result(), o.types())
              : CelOverloadDecl.newGlobalOverload(o.id(), o.result(), o.types()));
      bindings.add(CelFunctionBinding.from(o.id(), o.classes(), o.code()));
    }
    builder.addFunctionDeclarations(CelFunctionDecl.newFunctionDeclaration(name, declarations));
    builder.addFunctionBindings(bindings);
  }
}
