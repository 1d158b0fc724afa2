# The outmail command, workers and all, built from source:
#   docker build -t outmail .
# Where no network is, Dockerfile.local makes the same image of a release archive.
FROM maven:3.9-eclipse-temurin-25 AS build
WORKDIR /src

# What Maven downloads is a layer of its own, as long as no pom.xml changes: that nothing is there to build is no matter.
COPY pom.xml ./
COPY .mvn .mvn
COPY broker/pom.xml broker/
COPY testkit/pom.xml testkit/
COPY common/pom.xml common/
COPY producer/pom.xml producer/
COPY submission/pom.xml submission/
COPY worker/pom.xml worker/
COPY jakarta/pom.xml jakarta/
COPY spring-boot-starter/pom.xml spring-boot-starter/
COPY console/pom.xml console/
COPY cli/pom.xml cli/
COPY dist dist
RUN mkdir -p console/src/main/jte \
 && sed -i '/<module>systemtest</d; /<module>bench</d' pom.xml \
 && mvn -B -ntp -q -Dmaven.test.skip=true -Dspotless.check.skip -Dassembly.skipAssembly package

COPY . .
RUN sed -i '/<module>systemtest</d; /<module>bench</d' pom.xml \
 && mvn -B -ntp -q -Dmaven.test.skip=true -Dspotless.check.skip package \
 && mkdir /opt/outmail && tar -xzf dist/target/outmail-*.tar.gz -C /opt/outmail --strip-components=1

# On the JRE that it will run on: the archives of classes, made by the first starts
FROM eclipse-temurin:25-jre AS prepared
COPY --from=build /opt/outmail /opt/outmail
RUN /opt/outmail/bin/outmail --version && /opt/outmail/bin/outmail worker --help >/dev/null && rm -f /opt/outmail/lib/*.log

FROM eclipse-temurin:25-jre
COPY --from=prepared /opt/outmail /opt/outmail
ENV PATH="/opt/outmail/bin:$PATH"
# Where a volume for the console's users and index goes
RUN install -d -o 10001 -g 10001 /var/lib/outmail
# It writes nothing but temporary files: run it --read-only with --tmpfs /tmp.
USER 10001:10001
WORKDIR /tmp
EXPOSE 8080 8081 8082 2525
ENTRYPOINT ["outmail"]
CMD ["worker"]
