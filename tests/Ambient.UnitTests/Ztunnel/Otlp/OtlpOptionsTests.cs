using Ambient.UnitTests.Ztunnel.Configuration;
using Ambient.Ztunnel.Configuration;

namespace Ambient.UnitTests.Ztunnel.Otlp;

public sealed class OtlpOptionsTests
{
    private static readonly (string, string) Collector = ("OTEL_EXPORTER_OTLP_ENDPOINT", "http://collector:4318");

    [Fact]
    public void Is_off_unless_a_collector_is_named()
    {
        Assert.Null(Given.Options(("OTEL_TRACES_SAMPLER", "always_on"), ("OTEL_SERVICE_NAME", "x")).Telemetry.Otlp);
        Assert.Null(Given.Options(("OTEL_EXPORTER_OTLP_ENDPOINT", "")).Telemetry.Otlp);
    }

    [Fact]
    public void Has_the_defaults_that_OpenTelemetry_names()
    {
        OtlpOptions options = Given.Options(Collector).Telemetry.Otlp!;

        Assert.Equal((OtlpProtocol.Http, "ztunnel", TimeSpan.FromMinutes(1)), (options.Protocol, options.ServiceName, options.MetricInterval));
        Assert.Equal("as the peer says, else 100%", options.Sampler.ToString());
        Assert.Empty(options.Headers);
    }

    [Fact]
    public void Decodes_headers_and_never_shows_them()
    {
        OtlpOptions options = Given.Options(Collector, ("OTEL_EXPORTER_OTLP_HEADERS", "Authorization=Bearer%20secret, x-tenant = a=b")).Telemetry.Otlp!;

        Assert.Equal([new("authorization", "Bearer secret"), new("x-tenant", "a=b")], options.Headers);
        Assert.DoesNotContain("secret", options.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("OTEL_EXPORTER_OTLP_ENDPOINT", "collector:4318", "use a URL")]
    [InlineData("OTEL_EXPORTER_OTLP_ENDPOINT", "ftp://collector", "use a URL")]
    [InlineData("OTEL_EXPORTER_OTLP_ENDPOINT", "http://me:pass@collector", "use a URL")]
    [InlineData("OTEL_EXPORTER_OTLP_PROTOCOL", "http/json", "http/protobuf or grpc")]
    [InlineData("OTEL_EXPORTER_OTLP_HEADERS", "secret", "NAME=VALUE")]
    [InlineData("OTEL_EXPORTER_OTLP_HEADERS", "a=%0d%0ab", "NAME=VALUE")]
    [InlineData("OTEL_TRACES_SAMPLER", "jaeger_remote", "always_on")]
    [InlineData("OTEL_TRACES_SAMPLER_ARG", "2", "0 to 1")]
    [InlineData("OTEL_TRACES_SAMPLER_ARG", "NaN", "0 to 1")]
    [InlineData("OTEL_METRIC_EXPORT_INTERVAL", "0", "100 to 86400000")]
    public void Refuses_what_it_cannot_use_and_repeats_no_secret(string name, string value, string remedy)
    {
        OptionsResult read = Given.Read(Collector, (name, value));

        string error = Assert.Single(read.Errors).ToString();
        Assert.Contains(name, error, StringComparison.Ordinal);
        Assert.Contains(remedy, error, StringComparison.Ordinal);
        Assert.False(name.EndsWith("HEADERS", StringComparison.Ordinal) && error.Contains(value, StringComparison.Ordinal));
        Assert.DoesNotContain("pass@", error, StringComparison.Ordinal);
    }
}
