import java.io.File;
import java.net.URL;
import java.net.URLClassLoader;
import java.util.ArrayList;
import java.util.List;

/** The program by two class loaders that share nothing. */
public final class Twice {

  public static void main(String[] arguments) throws Exception {
    List<URL> path = new ArrayList<>();
    for (String jar : arguments[0].split(File.pathSeparator)) {
      path.add(new File(jar).toURI().toURL());
    }
    for (int i = 0; i < 2; i++) {
      ClassLoader loader =
          new URLClassLoader(path.toArray(new URL[0]), ClassLoader.getPlatformClassLoader());
      loader
          .loadClass("com.example.Program")
          .getMethod("main", String[].class)
          .invoke(null, (Object) new String[0]);
    }
  }
}
