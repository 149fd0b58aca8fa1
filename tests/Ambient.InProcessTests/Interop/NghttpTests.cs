using System.Globalization;
using Ambient.InProcessTests.Hbone;
using Ambient.Testing.Certs;

namespace Ambient.InProcessTests.Interop;

/// <summary>nghttp2's clients, which know no CONNECT: everything up to the status code.</summary>
public sealed class NghttpTests
{
    private const string Package = "nghttp2-client";
    private const string Nghttp = "/usr/bin/nghttp";
    private const string H2Load = "/usr/bin/h2load";

    [ProgramTheory(Package, Nghttp)]
    [InlineData("GET")]
    [InlineData("HEAD")]
    [InlineData("OPTIONS")]
    public async Task A_method_that_is_not_CONNECT_gets_400(string method)
    {
        (int exitCode, string output, _) = await RunAsync($"-H:method: {method}");

        Assert.Equal(0, exitCode);
        Assert.Contains(":status: 400", output, StringComparison.Ordinal);
        Assert.Contains("SETTINGS_MAX_FRAME_SIZE(0x05):1048576", output, StringComparison.Ordinal);
    }

    [ProgramFact(Package, Nghttp)]
    public async Task Large_headers_in_continuation_frames_and_padding_are_read()
    {
        (int exitCode, string output, _) = await RunAsync("--padding=64", $"-Hx-large: {new string('a', 30_000)}");

        Assert.Equal(0, exitCode);
        Assert.Contains(":status: 400", output, StringComparison.Ordinal);
    }

    [ProgramFact(Package, H2Load)]
    public async Task Thousands_of_requests_on_many_streams_are_all_answered()
    {
        await using var rig = new HboneRig { OnStream = InteropAnswers.ByMethodAsync };
        await using var relay = new TlsRelay(rig);
        await using ForeignProgram load = ForeignProgram.Start(
            H2Load, "-n", "20000", "-c", "4", "-m", "100", $"http://127.0.0.1:{relay.Port.ToString(CultureInfo.InvariantCulture)}/");

        (int exitCode, string output, string errors) = await load.FinishAsync();

        Assert.True(exitCode == 0, output + errors);
        Assert.Contains("20000 done", output, StringComparison.Ordinal);
        Assert.Contains("0 2xx, 0 3xx, 20000 4xx, 0 5xx", output, StringComparison.Ordinal);
        Assert.Contains("0 errored, 0 timeout", output, StringComparison.Ordinal);
    }

    private static async Task<(int ExitCode, string Output, string Errors)> RunAsync(params string[] arguments)
    {
        await using var rig = new HboneRig { OnStream = InteropAnswers.ByMethodAsync };
        using TemporaryDirectory directory = new();
        rig.Client.WritePem(directory.Path);
        await using ForeignProgram client = ForeignProgram.Start(
            Nghttp,
            [
                "-nv",
                $"--cert={Path.Combine(directory.Path, "chain.pem")}",
                $"--key={Path.Combine(directory.Path, "key.pem")}",
                .. arguments,
                $"https://127.0.0.1:{rig.TunnelEndPoint.Port.ToString(CultureInfo.InvariantCulture)}/",
            ]);
        return await client.FinishAsync();
    }
}
