package io.weft.spark.testing;

import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.spark.SparkConf;

/**
 * A standalone cluster of Spark: a Master and Workers as processes of this machine, which start
 * executors as processes of their own. All speak over loopback, with Spark's authentication and
 * encryption. Logs lie below target/spark-cluster.
 */
public final class StandaloneCluster implements AutoCloseable {

  /** Without it nobody may speak to the cluster. */
  public static final String SECRET = "of the tests";

  /** Two names of one machine: Spark takes them for two. */
  public static final List<String> HOSTS = List.of("127.0.0.1", "localhost");

  private static final Duration START = Duration.ofSeconds(90);

  private static final List<String> JAVA =
      List.of(
          "-Dlog4j2.configurationFile=org/apache/spark/log4j2-defaults.properties",
          "-Xmx256m",
          "-XX:TieredStopAtLevel=1",
          "-XX:+UseSerialGC",
          "-XX:-UsePerfData",
          "-Dspark.authenticate=true",
          "-Dspark.authenticate.secret=" + SECRET,
          "-Dspark.network.crypto.enabled=true");

  private static Optional<StandaloneCluster> shared = Optional.empty();

  private final Path folder;
  private final Path home;
  private final JavaProcess master;
  private final String url;
  private final List<Worker> workers = new ArrayList<>();

  private StandaloneCluster(Path folder, Path home, JavaProcess master, String url) {
    this.folder = folder;
    this.home = home;
    this.master = master;
    this.url = url;
  }

  /**
   * Returns the cluster that the tests of this process share: two Workers of two cores. Whoever
   * adds Workers closes them; executors may be killed, for others take their place.
   */
  public static synchronized StandaloneCluster shared() {
    StandaloneCluster cluster = shared.orElseGet(StandaloneCluster::start);
    if (shared.isEmpty()) {
      HOSTS.forEach(host -> cluster.add(host, 2));
      shared = Optional.of(cluster);
    }
    return cluster;
  }

  /** Starts a Master, without a Worker yet. */
  public static StandaloneCluster start() {
    try {
      Path target = Files.createDirectories(Path.of("target", "spark-cluster").toAbsolutePath());
      Path folder = Files.createTempDirectory(target, ProcessHandle.current().pid() + "-");
      Path home = home(folder);
      Map<String, String> environment = environment(home);
      JavaProcess master =
          JavaProcess.start(
              JAVA,
              environment,
              folder.resolve("master.log"),
              "org.apache.spark.deploy.master.Master",
              "--host",
              HOSTS.get(0),
              "--port",
              "0",
              "--webui-port",
              "0");
      String url = master.await("Starting Spark master at (spark://\\S+)", START);
      StandaloneCluster cluster = new StandaloneCluster(folder, home, master, url);
      Runtime.getRuntime().addShutdownHook(new Thread(cluster::close));
      return cluster;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Makes a Spark home whose one jar names the class path of the tests, Spark's jars and Weft's
   * alike: what a Worker starts executors with.
   */
  private static Path home(Path folder) throws IOException {
    Path jars = Files.createDirectories(folder.resolve("home").resolve("jars"));
    Manifest manifest = new Manifest();
    manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
    manifest
        .getMainAttributes()
        .put(
            Attributes.Name.CLASS_PATH,
            Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
                .map(path -> Path.of(path).toUri().toString())
                .collect(Collectors.joining(" ")));
    try (OutputStream file = Files.newOutputStream(jars.resolve("tests.jar"));
        JarOutputStream jar = new JarOutputStream(file, manifest)) {
      jar.finish();
    }
    return jars.getParent();
  }

  private static Map<String, String> environment(Path home) {
    Map<String, String> environment = new HashMap<>();
    environment.put("SPARK_HOME", home.toString());
    environment.put("SPARK_SCALA_VERSION", "2.13");
    environment.put("SPARK_LOCAL_IP", HOSTS.get(0));
    environment.put("JAVA_HOME", System.getProperty("java.home"));
    return environment;
  }

  /** Adds a Worker, which runs as many tasks at a time as it has cores. */
  public Worker add(String host, int cores) {
    return add(host, cores, Map.of());
  }

  /** Adds a Worker whose executors have this in their environment. */
  public Worker add(String host, int cores, Map<String, String> environment) {
    Map<String, String> all = environment(home);
    all.putAll(environment);
    Path log = folder.resolve("worker-" + workers.size() + ".log");
    Path work = folder.resolve("work-" + workers.size());
    JavaProcess process =
        JavaProcess.start(
            JAVA,
            all,
            log,
            "org.apache.spark.deploy.worker.Worker",
            "--host",
            host,
            "--webui-port",
            "0",
            "--cores",
            String.valueOf(cores),
            "--memory",
            "4g",
            "--work-dir",
            work.toString(),
            url);
    process.await("Successfully registered with master", START);
    Worker worker = new Worker(host, process, work);
    workers.add(worker);
    return worker;
  }

  /** Returns the Workers that run, in the order in which they came. */
  public List<Worker> workers() {
    return workers.stream().filter(worker -> worker.process.isAlive()).toList();
  }

  /** Returns the address of the Master. */
  public String url() {
    return url;
  }

  /**
   * Returns what an application says to use the cluster. It takes all cores; {@code
   * spark.cores.max} and {@code spark.executor.cores} may say otherwise.
   */
  public SparkConf conf(String application) {
    return conf(url, application);
  }

  /** Returns the same for the cluster of another process. */
  public static SparkConf conf(String url, String application) {
    return withoutSecret(url, application)
        .set("spark.authenticate", "true")
        .set("spark.authenticate.secret", SECRET)
        .set("spark.network.crypto.enabled", "true");
  }

  /** Returns the same for an application that does not know the secret. */
  public static SparkConf withoutSecret(String url, String application) {
    return new SparkConf(false)
        .setMaster(url)
        .setAppName(application)
        .set("spark.driver.host", HOSTS.get(0))
        .set("spark.driver.bindAddress", HOSTS.get(0))
        .set("spark.ui.enabled", "false")
        .set("spark.executor.memory", "768m")
        .set("spark.executorEnv.TF_OVERRIDE_GLOBAL_THREADPOOL", "1")
        .set("spark.executorEnv.TF_CPP_MIN_LOG_LEVEL", "2")
        .set(
            "spark.executor.extraJavaOptions",
            "-Dorg.bytedeco.javacpp.maxPhysicalBytes=0 -XX:+UseSerialGC -XX:-UsePerfData"
                + " -XX:TieredStopAtLevel=1"
                // Graphs that TensorFlow rewrites have other numbers than those it does not.
                + " -Dweft.tensorflow.rewriting="
                + System.getProperty("weft.tensorflow.rewriting", "true"))
        // An executor that is lost is replaced however often that happens.
        .set("spark.deploy.maxExecutorRetries", "-1");
  }

  /** Stops all processes. */
  @Override
  public void close() {
    workers.forEach(Worker::close);
    master.close();
  }

  /** A Worker, with the executors that it has started. */
  public static final class Worker implements AutoCloseable {

    private final String host;
    private final JavaProcess process;
    private final Path work;

    private Worker(String host, JavaProcess process, Path work) {
      this.host = host;
      this.process = process;
      this.work = work;
    }

    /** Returns the name of its machine. */
    public String host() {
      return host;
    }

    /** Returns the processes of its executors. */
    public List<ProcessHandle> executors() {
      return process.children();
    }

    /** Returns what its executors have written to their error streams. */
    public String said() {
      try (Stream<Path> files = Files.walk(work)) {
        StringBuilder all = new StringBuilder();
        for (Path file : files.filter(f -> f.endsWith("stderr")).sorted().toList()) {
          all.append(Files.readString(file));
        }
        return all.toString();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    /** Kills its executors, as {@code kill -9} does. */
    public void killExecutors() {
      executors().forEach(ProcessHandle::destroyForcibly);
    }

    /** Kills it and its executors, as when the machine is lost. */
    public void kill() {
      process.close();
    }

    @Override
    public void close() {
      kill();
    }
  }
}
