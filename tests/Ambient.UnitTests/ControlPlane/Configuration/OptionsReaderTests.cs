using System.Net;
using Ambient.ControlPlane.Configuration;
using Microsoft.Extensions.Logging;

namespace Ambient.UnitTests.ControlPlane.Configuration;

public sealed class OptionsReaderTests
{
    [Fact]
    public void Without_settings_the_defaults_hold()
    {
        ControlPlaneOptions options = Read([], []);

        Assert.Equal(new IPEndPoint(IPAddress.Loopback, 15010), options.Serving.PlainAddress);
        Assert.Equal(15012, options.Serving.SecureAddress!.Port);
        Assert.Equal<string>(["istio-ca"], options.Serving.TokenAudiences);
        Assert.Equal(("Kubernetes", "cluster.local", "istio-system"), (options.Mesh.ClusterId, options.Mesh.TrustDomain, options.Mesh.RootNamespace));
    }

    [Fact]
    public void The_arguments_and_variables_of_an_istiod_are_understood()
    {
        ControlPlaneOptions options = Read(
            ["discovery", "--monitoringAddr=:15014", "--log_output_level=default:warn", "--domain", "corp.local", "--grpcAddr", "off"],
            [("CLUSTER_ID", "east"), ("TRUST_DOMAIN", "corp"), ("POD_NAMESPACE", "mesh"), ("TOKEN_AUDIENCES", "a, b"), ("PILOT_AUTO_ALLOW_WAYPOINT_POLICY", "true")]);

        Assert.Equal(("east", "corp.local", "corp", "mesh"), (options.Mesh.ClusterId, options.Mesh.ClusterDomain, options.Mesh.TrustDomain, options.Mesh.SystemNamespace));
        Assert.Equal(("mesh", LogLevel.Warning, true), (options.Statuses.Namespace, options.LogLevel, options.Mesh.AllowWaypointImplicitly));
        Assert.Equal<string>(["a", "b"], options.Serving.TokenAudiences);
        Assert.Null(options.Serving.PlainAddress);
    }

    [Fact]
    public void A_flag_counts_more_than_a_variable() =>
        Assert.Equal("flag", Read(["--clusterID", "flag"], [("CLUSTER_ID", "variable")]).Mesh.ClusterId);

    [Fact]
    public void A_variable_set_to_nothing_is_not_set() => Assert.Equal("Kubernetes", Read([], [("CLUSTER_ID", "")]).Mesh.ClusterId);

    [Fact]
    public void Everything_that_is_wrong_is_said_at_once()
    {
        IReadOnlyList<string> errors = Errors(
            ["--grpcAddr", "15010", "--tlsKeyFile", "key.pem", "--manifests", "here", "--context", "there"], [("AMBIENT_ENABLE_STATUS", "maybe"), ("PILOT_IP_AUTOALLOCATE_IPV4_PREFIX", "x")]);

        Assert.Equal(5, errors.Count);
        Assert.Contains(errors, error => error.Contains("--grpcAddr is '15010': must be address:port", StringComparison.Ordinal));
        Assert.Contains(errors, error => error.Contains("AMBIENT_ENABLE_STATUS is 'maybe': must be true or false", StringComparison.Ordinal));
        Assert.Contains(errors, error => error.Contains("--tlsCertFile and --tlsKeyFile belong together", StringComparison.Ordinal));
        Assert.Contains(errors, error => error.Contains("--manifests takes the place of a cluster", StringComparison.Ordinal));
    }

    [Fact]
    public void A_mesh_that_nobody_could_connect_to_is_refused() =>
        Assert.Contains("both off", Assert.Single(Errors(["--grpcAddr=off", "--secureGRPCAddr=off"], [])), StringComparison.Ordinal);

    [Theory]
    [InlineData("--nonsense")]
    [InlineData("--clusterID")]
    public void A_flag_that_is_unknown_or_lacks_its_value_is_an_error(string argument) =>
        Assert.NotEmpty(CommandLine.Parse([argument]).Errors);

    [Theory]
    [InlineData("127.0.0.1:1", "127.0.0.1", 1)]
    [InlineData("[::1]:80", "::1", 80)]
    [InlineData("localhost:0", "127.0.0.1", 0)]
    public void Addresses_are_read(string text, string address, int port) =>
        Assert.Equal(new IPEndPoint(IPAddress.Parse(address), port), SettingValues.Address(text));

    [Theory]
    [InlineData("host.example:80")]
    [InlineData("127.0.0.1")]
    [InlineData("127.0.0.1:65536")]
    [InlineData("127.0.0.1:-1")]
    [InlineData(":")]
    public void What_is_no_address_is_refused(string text) => Assert.Throws<FormatException>(() => SettingValues.Address(text));

    [Fact]
    public void Help_names_every_setting_once_under_its_heading()
    {
        string help = HelpText.Build();

        foreach (SettingDefinition setting in SettingCatalogue.All)
        {
            string names = string.Join(", ", new[] { setting.Flag, setting.Variable }.Where(name => name.Length > 0));
            Assert.Equal(2, help.Split($"\n  {names} ").Length);
            Assert.Contains(setting.Help, help, StringComparison.Ordinal);
        }
    }

    private static ControlPlaneOptions Read(string[] arguments, (string Name, string Value)[] variables)
    {
        CommandLine command = CommandLine.Parse(arguments);
        Assert.Empty(command.Errors);
        ControlPlaneOptions? options = OptionsReader.Read(command.Flags, Lookup(variables), out IReadOnlyList<string> errors);
        Assert.Empty(errors);
        return options!;
    }

    private static IReadOnlyList<string> Errors(string[] arguments, (string Name, string Value)[] variables)
    {
        Assert.Null(OptionsReader.Read(CommandLine.Parse(arguments).Flags, Lookup(variables), out IReadOnlyList<string> errors));
        return errors;
    }

    private static Func<string, string?> Lookup((string Name, string Value)[] variables) =>
        name => Array.Find(variables, variable => variable.Name == name).Value;
}
