using Ambient.Ztunnel.Configuration;

namespace Ambient.UnitTests.Ztunnel.Configuration;

public sealed class CommandLineTests
{
    [Theory]
    [InlineData("")]
    [InlineData("proxy")]
    [InlineData("proxy ztunnel")]
    [InlineData("--network n1 proxy ztunnel")]
    [InlineData("proxy --network n1 ztunnel")]
    public void Runs_the_proxy(string arguments)
    {
        CommandLine parsed = Parse(arguments);
        Assert.Equal(CommandKind.Proxy, parsed.Command);
        Assert.Empty(parsed.Errors);
    }

    [Theory]
    [InlineData("version", "Version")]
    [InlineData("help", "Help")]
    [InlineData("--help", "Help")]
    [InlineData("proxy -h", "Help")]
    [InlineData("serve", "Unknown")]
    [InlineData("Proxy", "Unknown")]
    public void Knows_the_other_commands(string arguments, string expected) =>
        Assert.Equal(expected, Parse(arguments).Command.ToString());

    [Fact]
    public void Has_a_flag_for_every_setting()
    {
        foreach (SettingDefinition setting in SettingCatalogue.All)
        {
            CommandLine parsed = CommandLine.Parse(["proxy", setting.Flag, "value"]);
            Assert.Empty(parsed.Errors);
            Assert.Equal("value", parsed.Flags[setting.Name]);
            Assert.Equal("v=1", CommandLine.Parse([setting.Flag + "=v=1"]).Flags[setting.Name]);
        }

        Assert.Equal(SettingCatalogue.All.Count, SettingCatalogue.All.Select(setting => setting.Flag).Distinct().Count());
    }

    [Theory]
    [InlineData("--colour red", "Proxy")]
    [InlineData("--colour red version", "Version")]
    [InlineData("--colour=red version", "Version")]
    public void Takes_the_value_of_an_unknown_flag_for_no_command(string arguments, string expected)
    {
        CommandLine parsed = Parse(arguments);
        Assert.Equal(expected, parsed.Command.ToString());
        Assert.Equal("--colour", Assert.Single(parsed.Errors).Setting);
    }

    [Fact]
    public void Joins_a_repeated_list_flag()
    {
        CommandLine parsed = Parse("--forward 127.0.0.1:1=10.0.0.1:80 --forward [::1]:2=[fd00::1]:80");
        Assert.Empty(parsed.Errors);
        Assert.Equal("127.0.0.1:1=10.0.0.1:80,[::1]:2=[fd00::1]:80", parsed.Flags["AMBIENT_FORWARD"]);
    }

    [Fact]
    public void Reports_every_wrong_flag_at_once()
    {
        CommandLine parsed = Parse("proxy --netwrok n --zzz=1 --network a --network b --rust-log");
        string[] texts = [.. parsed.Errors.Select(error => error.ToString())];
        Assert.Contains("--netwrok: unknown flag; did you mean --network?", texts);
        Assert.Contains("--zzz: unknown flag; 'ztunnel help' lists all of them", texts);
        Assert.Contains(texts, text => text.StartsWith("--network: invalid value 'a', 'b'", StringComparison.Ordinal));
        Assert.Contains(texts, text => text.StartsWith("--rust-log: a value is missing", StringComparison.Ordinal));
        Assert.Equal(4, texts.Length);
    }

    [Fact]
    public void Lets_a_flag_win_over_the_environment_and_names_it_in_errors()
    {
        var source = new SettingSource(
            new Dictionary<string, string> { ["NETWORK"] = "env", ["IPV6_ENABLED"] = "true" },
            Parse("--network flag --ipv6-enabled maybe").Flags);

        Assert.Equal("flag", source.Find("NETWORK")?.Text);
        OptionsResult result = ZtunnelOptions.Read(source, new OptionsEnvironment(null, 1));
        Assert.Contains("--ipv6-enabled: invalid value 'maybe': use true or false", result.Errors.Select(error => error.ToString()));
    }

    [Fact]
    public void Explains_every_setting_in_the_help()
    {
        string help = HelpText.Build();
        Assert.All(SettingCatalogue.All, setting =>
        {
            Assert.Contains(setting.Flag + " (", help, StringComparison.Ordinal);
            Assert.Contains(setting.Meaning, help, StringComparison.Ordinal);
        });
        Assert.DoesNotContain("\r", help, StringComparison.Ordinal);
        Assert.All(help.Split('\n'), line => Assert.InRange(line.Length, 0, 140));
    }

    [Fact]
    public void Expands_no_files_and_takes_odd_words_as_they_are()
    {
        Assert.Equal(CommandKind.Unknown, Parse("@/etc/passwd").Command);
        Assert.Equal("-", Parse("--network -").Flags["NETWORK"]);
    }

    private static CommandLine Parse(string arguments) =>
        CommandLine.Parse(arguments.Split(' ', StringSplitOptions.RemoveEmptyEntries));
}
