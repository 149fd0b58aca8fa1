using System.Globalization;
using System.Net;
using System.Security.Cryptography.X509Certificates;
using Ambient.Xds;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Logging;

namespace Ambient.MeshGenerator;

/// <summary>
/// Stands in for what a ztunnel has around it in a cluster: the control plane with a generated mesh, the authority, and, at the port after theirs,
/// a telemetry collector. Every line of its output is <c>serving</c>, <c>loaded MILLISECONDS BYTES</c>, <c>churned UPDATES MILLISECONDS</c> or
/// <c>telemetry SPAN-EXPORTS METRIC-EXPORTS BYTES</c>; every line of its input is <c>churn UPDATES-A-SECOND SECONDS</c>, which is for the proxy that
/// loaded first, or <c>telemetry</c>.
/// </summary>
internal sealed class ControlPlane(GeneratedMesh mesh, CertificateAuthority authority, TimeProvider time)
{
    private readonly TaskCompletionSource<MeshStream> _loaded = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TelemetrySink _telemetry = new();
    private TextWriter _output = TextWriter.Null;

    public async Task RunAsync(IPEndPoint address, X509Certificate2 certificate, TextReader input, TextWriter output)
    {
        _output = TextWriter.Synchronized(output);
        byte[] addresses = GrpcFrames.Of(XdsTypes.Address, mesh.Addresses());
        byte[] policies = GrpcFrames.Of(XdsTypes.Authorization, [OwnPods.Policy()]);
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.Limits.MaxRequestBodySize = null;
            kestrel.Limits.MinRequestBodyDataRate = null;
            kestrel.Limits.MinResponseDataRate = null;
            kestrel.Listen(address, listen =>
            {
                listen.Protocols = HttpProtocols.Http2;
                listen.UseHttps(certificate);
            });
            kestrel.Listen(address.Address, address.Port + 1, listen => listen.Protocols = HttpProtocols.Http1);
        });
        await using WebApplication app = builder.Build();
        app.Run(context => context.Request.Path.Value switch
        {
            MeshStream.Path => ServeMeshAsync(context, addresses, policies),
            CertificateAuthority.Path => authority.AnswerAsync(context),
            TelemetrySink.SpanPath or TelemetrySink.MetricPath => _telemetry.TakeAsync(context),
            _ => RefuseAsync(context),
        });
        await app.StartAsync();
        await SayAsync($"serving");
        await ReadCommandsAsync(input);
    }

    private static Task RefuseAsync(HttpContext context)
    {
        context.Response.StatusCode = StatusCodes.Status404NotFound;
        return Task.CompletedTask;
    }

    private async Task ServeMeshAsync(HttpContext context, byte[] addresses, byte[] policies)
    {
        MeshStream stream = new(context, mesh, time);
        try
        {
            TimeSpan took = await stream.LoadAsync(addresses, policies);
            await SayAsync($"loaded {took.TotalMilliseconds:F0} {addresses.Length}");
            _loaded.TrySetResult(stream);
            await stream.CountAsync();
        }
        catch (Exception error) when (error is IOException or OperationCanceledException or Microsoft.AspNetCore.Http.BadHttpRequestException)
        {
            // The proxy has gone, as at the end of every run.
            return;
        }
    }

    private async Task ReadCommandsAsync(TextReader input)
    {
        while (await input.ReadLineAsync() is { } line)
        {
            switch (line.Split(' '))
            {
                case ["churn", { } rate, { } seconds]:
                    (int updates, TimeSpan took) = await (await _loaded.Task).ChurnAsync(
                        int.Parse(rate, CultureInfo.InvariantCulture), int.Parse(seconds, CultureInfo.InvariantCulture));
                    await SayAsync($"churned {updates} {took.TotalMilliseconds:F0}");
                    break;
                case ["telemetry"]:
                    (long spans, long metrics, long bytes) = _telemetry.Counts();
                    await SayAsync($"telemetry {spans} {metrics} {bytes}");
                    break;
            }
        }
    }

    private async Task SayAsync(FormattableString line)
    {
        await _output.WriteLineAsync(line.ToString(CultureInfo.InvariantCulture));
        await _output.FlushAsync();
    }
}
