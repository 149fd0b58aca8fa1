namespace Ambient.UnitTests.Cli;

/// <summary>What cannot be done ends with 2 and says what to do instead.</summary>
public sealed class WrongUseTests
{
    [Theory]
    [InlineData("wrkloads", "workloads")]
    [InlineData("workloads -o jsn", "'json'")]
    [InlineData("workloads --ztunnel 127.0.0.1:1", "--lab NAME --node NODE")]
    [InlineData("workloads --ztunnel http://localhost:15000", "Write it like localhost:15000")]
    [InlineData("workloads --ztunnel localhost:15000 --lab x", "Give one of --ztunnel, --lab, --control-plane and --file.")]
    [InlineData("workloads -f /no/such/dump.json", "curl -s http://localhost:15000/config_dump")]
    [InlineData("workloads --lab no-such-lab-here", "there is no lab")]
    [InlineData("certificates --control-plane localhost:1", "Ask one with --ztunnel HOST:PORT")]
    [InlineData("workloads --nmespace shop", "There is no option --nmespace. Did you mean --namespace?")]
    [InlineData("wait service/web --timout 5", "--timout")]
    [InlineData("connections --direction sideways", "inbound")]
    [InlineData("proxy-status --control-plane 127.0.0.1:1", "kubectl -n istio-system port-forward")]
    [InlineData("wait", "KIND/NAME")]
    [InlineData("wait deny-all", "authorizationpolicy/deny-all")]
    [InlineData("wait authorizationpolcy/deny-all", "Did you mean AuthorizationPolicy?")]
    [InlineData("wait service/web --timeout never", "--timeout")]
    [InlineData("wait service/web --timeout -1", "from 0 to")]
    [InlineData("wait service/web --control-plane 127.0.0.1:1", "--control-plane HOST:PORT")]
    [InlineData("analyze -f /no/such/folder", "Name a YAML or JSON file")]
    [InlineData("analyze --control-plane 127.0.0.1:1", "--control-plane HOST:PORT")]
    [InlineData("completion fish", "bash")]
    public async Task Wrong_use_ends_with_2_and_names_the_next_step(string line, string nextStep)
    {
        CliRun run = await CliRun.StartAsync("", line.Split(' '));

        Assert.Equal(2, run.Code);
        Assert.Contains(nextStep, run.Output + run.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", "not JSON at line 1")]
    [InlineData("{\"workloads\":[\n{]}", "not JSON at line 2")]
    [InlineData("[]", "it is not a JSON object")]
    [InlineData("{}", "has no 'workloads'")]
    [InlineData("{\"workloads\":7,\"certificates\":[]}", "It has workloads, certificates.")]
    [InlineData("{\"workloads\":[{\"name\":\"\\ud800\"}]}", "not valid Unicode")]
    public async Task What_is_no_dump_is_refused_with_its_reason(string dump, string reason)
    {
        CliRun run = await CliRun.StartAsync(dump, "workloads", "-f", "-");

        Assert.Equal(2, run.Code);
        Assert.Contains(reason, run.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("workloads")]
    [InlineData("services")]
    [InlineData("policies")]
    [InlineData("certificates")]
    [InlineData("connections")]
    [InlineData("proxy-status")]
    [InlineData("wait")]
    [InlineData("analyze")]
    [InlineData("completion")]
    public async Task Every_command_explains_itself_with_an_example(string command)
    {
        CliRun run = await CliRun.StartAsync("", command, "--help");

        Assert.Equal(0, run.Code);
        Assert.Contains($"Examples:\n  ", run.Output, StringComparison.Ordinal);
        Assert.Contains($"ambientctl {command}", run.Output[run.Output.IndexOf("Examples:", StringComparison.Ordinal)..], StringComparison.Ordinal);
    }
}
