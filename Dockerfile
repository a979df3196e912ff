# Sluice in a container: built from source, run by a user without rights.
#
#   docker build -t sluice .
#   docker run -p 8080:8080 -p 8443:8443 -v /path/of/media:/media:ro -v sluice-data:/data sluice
#   docker run --network host sluice demo

FROM eclipse-temurin:25-jdk AS build
RUN apt-get update \
 && apt-get install -y --no-install-recommends gcc libc6-dev maven npm \
 && rm -rf /var/lib/apt/lists/*
# The maven package brings a JRE of its own release; the enforcer wants the JDK of this image.
ENV JAVA_HOME=/opt/java/openjdk
WORKDIR /src
COPY . .
RUN mvn -B -q -pl origin-server -am -Dmaven.test.skip=true -Dspotless.check.skip=true \
    -Dcyclonedx.skip=true package

FROM eclipse-temurin:25-jre
RUN useradd --system --uid 10001 --home-dir /data --shell /usr/sbin/nologin sluice \
 && mkdir -p /media /data /conf \
 && chown sluice:sluice /data
COPY --from=build /src/origin-server/target/sluice.jar /opt/sluice/sluice.jar
COPY --from=build /src/origin-server/target/lib /opt/sluice/lib
COPY --from=build /src/conf/sluice.yaml /conf/sluice.yaml
COPY --from=build /src/conf/jvm.options /opt/sluice/conf/jvm.options
COPY --from=build /src/bin/aot-cache /opt/sluice/bin/aot-cache
# Names of files are UTF-8: paths are part of what answers depend on.
ENV LC_ALL=C.UTF-8
# Of this JVM and these jars, so made here. Without one the server starts as well, only later.
RUN JAVA_HOME=/opt/java/openjdk /opt/sluice/bin/aot-cache /opt/sluice/sluice.jar /opt/sluice/sluice.aot || true
USER sluice
WORKDIR /
VOLUME ["/media", "/data"]
EXPOSE 8080 8443
# The admin port is on loopback, so only the container itself asks it.
HEALTHCHECK --interval=10s --timeout=3s --start-period=20s \
  CMD ["bash", "-c", "exec 3<>/dev/tcp/127.0.0.1/8081 && printf 'GET /healthz HTTP/1.0\\r\\n\\r\\n' >&3 && head -n 1 <&3 | grep -q ' 200 '"]
# The JVM is process 1: SIGTERM reaches it, and it finishes the requests in flight.
# Heap and direct memory may each take 40 % of the container's memory.
ENTRYPOINT ["java", "@/opt/sluice/conf/jvm.options", "-XX:MaxRAMPercentage=40", "-XX:AOTCache=/opt/sluice/sluice.aot", "-jar", "/opt/sluice/sluice.jar"]
CMD ["serve", "--media", "/media", "--data", "/data", "--config", "/conf/sluice.yaml"]
