import java.nio.file.Path;
import java.util.Map;
import org.neo4j.dbms.api.DatabaseManagementServiceBuilder;

/** Neo4j in this process: {@code java -cp 'lib/*' Neo4jServer.java HOME}, with HOME/conf/neo4j.conf and the password in NEO4J_PASSWORD. */
public class Neo4jServer {
  public static void main(String[] arguments) throws Exception {
    // Neo4j refuses paths with dots in them.
    var home = Path.of(arguments[0]).toAbsolutePath().normalize();
    var service = new DatabaseManagementServiceBuilder(home).loadPropertiesFromFile(home.resolve("conf/neo4j.conf")).build();
    Runtime.getRuntime().addShutdownHook(new Thread(service::shutdown));
    // A new store knows only the password that has to be changed; setting the same one again changes nothing.
    service.database("system").executeTransactionally(
        "ALTER USER neo4j SET PASSWORD $password CHANGE NOT REQUIRED", Map.of("password", System.getenv("NEO4J_PASSWORD")));
    Thread.currentThread().join();
  }
}
