using System.Net;
using System.Text;
using System.Text.Json;
using Ambient.Certs;
using Ambient.Mesh.Identities;
using Ambient.Testing.Certs;
using Ambient.UnitTests.Ztunnel.Configuration;
using Ambient.Ztunnel.Admin;
using Ambient.Ztunnel.Configuration;

namespace Ambient.UnitTests.Ztunnel.Admin;

public sealed class ConfigDumpTests
{
    [Fact]
    public void Puts_its_sections_together_as_one_indented_object()
    {
        var version = new VersionInfo("1.0", "abc", ".NET 10", "release", "1.30");
        string text = Encoding.UTF8.GetString(new ConfigDump([version, new SettingsSection(Given.Options())]).Build().Span);

        using JsonDocument dump = JsonDocument.Parse(text);
        Assert.Contains("\n  \"version\": {\n", text, StringComparison.Ordinal);
        Assert.Equal(["version", "config"], dump.RootElement.EnumerateObject().Select(property => property.Name));
        Assert.Equal(
            ["version", "gitRevision", "rustVersion", "buildProfile", "buildStatus", "istioVersion", "cryptoProvider"],
            dump.RootElement.GetProperty("version").EnumerateObject().Select(property => property.Name));
    }

    [Fact]
    public void Shows_the_settings_in_camel_case_and_no_secret()
    {
        JsonElement config = Section(new SettingsSection(Given.Options(
            ("AUTH_TOKEN", "hunter2"), ("CA_HEADER_x", "hunter2"), ("XDS_ROOT_CA", "hunter2"), ("LOCAL_XDS_PATH", "m.yaml"), ("NODE_NAME", "n1"))), "config");

        Assert.Equal("[::]:15008", config.GetProperty("inboundAddr").GetString());
        Assert.Equal([15001, 15006, 15008], config.GetProperty("illegalPorts").EnumerateArray().Select(port => port.GetInt32()));
        Assert.Equal("Dedicated", config.GetProperty("proxyMode").GetString());
        Assert.Equal("n1", config.GetProperty("localNode").GetString());
        Assert.Equal(4194304, config.GetProperty("windowSize").GetInt32());
        Assert.Equal("3m", config.GetProperty("socketConfig").GetProperty("keepaliveTime").GetString());
        Assert.Equal(JsonValueKind.Null, config.GetProperty("packetMark").ValueKind);
        Assert.DoesNotContain("hunter2", config.GetRawText(), StringComparison.Ordinal);
    }

    [Fact]
    public void Shows_pods_and_their_connections()
    {
        JsonElement state = Section(new WorkloadStateSection(new FixedPods()), "workloadState");

        Assert.Equal(["u1", "u2"], state.EnumerateObject().Select(pod => pod.Name));
        JsonElement up = state.GetProperty("u1");
        Assert.Equal("Up", up.GetProperty("state").GetString());
        Assert.Equal(
            """{"src":"10.0.0.1:5","originalDst":null,"actualDst":"10.0.0.2:80","protocol":"HBONE"}""",
            Compact(Assert.Single(up.GetProperty("connections").GetProperty("inbound").EnumerateArray())));
        Assert.Equal(
            """{"src":"10.0.0.2:6","originalDst":"10.9.9.9:80","actualDst":"10.0.0.3:15008","protocol":"DOUBLEHBONE"}""",
            Compact(Assert.Single(up.GetProperty("connections").GetProperty("outbound").EnumerateArray())));
        JsonElement pending = state.GetProperty("u2");
        Assert.Equal(
            """{"state":"Pending","info":{"name":"db-0","namespace":"shop","serviceAccount":"db"}}""", Compact(pending));
    }

    [Fact]
    public async Task Shows_certificates_and_why_one_is_missing()
    {
        using var directory = new TemporaryDirectory();
        using LocalIssuer issuer = await LocalIssuer.OpenAsync(directory.Path, TimeSpan.FromHours(1), TimeProvider.System, default);
        await using var store = new CertificateStore(issuer, TimeProvider.System);
        var good = new SpiffeId("td", "a", "good");
        var bad = new SpiffeId("td", "a", "bad name");
        CertificateResult issued = await store.GetAsync(good, default);
        await store.GetAsync(bad, default);

        JsonElement[] certificates = [.. Section(new CertificatesSection(store), "certificates").EnumerateArray()];
        Assert.Equal([bad.ToString(), good.ToString()], certificates.Select(entry => entry.GetProperty("identity").GetString()));
        Assert.StartsWith("Unavailable: ", certificates[0].GetProperty("state").GetString(), StringComparison.Ordinal);
        Assert.Empty(certificates[0].GetProperty("certChain").EnumerateArray());
        Assert.Equal("Available", certificates[1].GetProperty("state").GetString());
        JsonElement leaf = Assert.Single(certificates[1].GetProperty("certChain").EnumerateArray());
        Assert.Equal(issued.Certificate!.Chain[0].SerialNumber, leaf.GetProperty("serialNumber").GetString());
        Assert.StartsWith(
            "-----BEGIN CERTIFICATE-----\n", Encoding.ASCII.GetString(leaf.GetProperty("pem").GetBytesFromBase64()), StringComparison.Ordinal);
        Assert.Matches(@"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$", leaf.GetProperty("expirationTime").GetString());
        Assert.Single(certificates[1].GetProperty("rootCerts").EnumerateArray());
    }

    private static JsonElement Section(IDumpSection section, string key)
    {
        using JsonDocument dump = JsonDocument.Parse(new ConfigDump([section]).Build());
        return dump.RootElement.GetProperty(key).Clone();
    }

    private static string Compact(JsonElement element)
    {
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream))
        {
            element.WriteTo(writer);
        }

        return Encoding.UTF8.GetString(stream.ToArray());
    }

    private sealed class FixedPods : IPodStateSource
    {
        public IReadOnlyList<PodState> Snapshot() =>
        [
            new PodState("u2", new WorkloadInfo("db-0", "shop", "db"), false, [], []),
            new PodState(
                "u1",
                new WorkloadInfo("web-0", "shop", "web"),
                true,
                [new PodConnection(IPEndPoint.Parse("10.0.0.1:5"), null, "10.0.0.2:80", PodConnectionProtocol.Hbone)],
                [new PodConnection(IPEndPoint.Parse("10.0.0.2:6"), "10.9.9.9:80", "10.0.0.3:15008", PodConnectionProtocol.DoubleHbone)]),
        ];
    }
}
