/** Makes and removes the folders of node-local volumes as the provisioner asks. */
@NullMarked
package io.kubra.node.localvolume;

import org.jspecify.annotations.NullMarked;
