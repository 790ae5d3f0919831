/** ConfigMaps, Secrets and Services that pods refer to, kept current while somebody needs them. */
@NullMarked
package io.kubra.node.objects;

import org.jspecify.annotations.NullMarked;
