using System.Buffers.Binary;
using System.Globalization;
using System.Net;
using System.Security.Cryptography.X509Certificates;
using Ambient.Xds;
using Ambient.Xds.Messages;
using Google.Protobuf;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Logging;

namespace Ambient.MeshGenerator;

/// <summary>
/// A control plane that serves a generated mesh to one proxy. Every line of its output is <c>loaded MILLISECONDS BYTES</c> or
/// <c>churned UPDATES MILLISECONDS</c>; every line of its input is <c>churn UPDATES-A-SECOND SECONDS</c>.
/// </summary>
internal sealed class ControlPlane(GeneratedMesh mesh, TimeProvider time)
{
    private const int HeaderLength = 5;
    private const int PushesPerSecond = 50;

    private readonly TaskCompletionSource<HttpContext> _loaded = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private TextWriter _output = TextWriter.Null;
    private int _acknowledged;

    public async Task RunAsync(IPEndPoint address, X509Certificate2 certificate, TextReader input, TextWriter output)
    {
        _output = output;
        byte[] all = Frame(XdsTypes.Address, mesh.All());
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
        });
        await using WebApplication app = builder.Build();
        app.Run(context => ServeAsync(context, all));
        await app.StartAsync();
        await output.WriteLineAsync("serving");
        await output.FlushAsync();
        await ReadCommandsAsync(input);
    }

    private async Task ServeAsync(HttpContext context, byte[] all)
    {
        context.Response.ContentType = "application/grpc";
        await SkipRequestsAsync(context, 2);
        long began = time.GetTimestamp();
        await SendAsync(context, all);
        await SkipRequestsAsync(context, 1);
        await _output.WriteLineAsync(string.Create(
            CultureInfo.InvariantCulture, $"loaded {time.GetElapsedTime(began).TotalMilliseconds:F0} {all.Length}"));
        await _output.FlushAsync();
        await SendAsync(context, Frame(XdsTypes.Authorization, []));
        await SkipRequestsAsync(context, 1);
        _loaded.TrySetResult(context);
        try
        {
            while (true)
            {
                await SkipRequestsAsync(context, 1);
                Interlocked.Increment(ref _acknowledged);
            }
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
            string[] words = line.Split(' ');
            if (words is ["churn", { } rate, { } seconds])
            {
                await ChurnAsync(
                    await _loaded.Task, int.Parse(rate, CultureInfo.InvariantCulture), int.Parse(seconds, CultureInfo.InvariantCulture));
            }
        }
    }

    /// <summary>Changes workloads at an even rate and waits until every push was acknowledged.</summary>
    private async Task ChurnAsync(HttpContext context, int rate, int seconds)
    {
        int perPush = Math.Max(1, rate / PushesPerSecond);
        int pushes = rate / perPush * seconds;
        int before = _acknowledged;
        long began = time.GetTimestamp();
        for (int push = 0; push < pushes; push++)
        {
            int first = push * perPush;
            await SendAsync(context, Frame(XdsTypes.Address, Enumerable.Range(first, perPush)
                .Select(change => GeneratedMesh.Workload((int)(change * 7919L % mesh.Workloads), version: change + 1))));
            TimeSpan due = TimeSpan.FromSeconds((double)(push + 1) * perPush / rate) - time.GetElapsedTime(began);
            if (due > TimeSpan.Zero)
            {
                await Task.Delay(due);
            }
        }

        while (_acknowledged - before < pushes)
        {
            await Task.Delay(1);
        }

        await _output.WriteLineAsync(string.Create(
            CultureInfo.InvariantCulture, $"churned {pushes * perPush} {time.GetElapsedTime(began).TotalMilliseconds:F0}"));
        await _output.FlushAsync();
    }

    private static byte[] Frame(string typeUrl, IEnumerable<Resource> resources)
    {
        DeltaDiscoveryResponse response = new() { TypeUrl = typeUrl, Nonce = "n" };
        response.Resources.AddRange(resources);
        byte[] frame = new byte[HeaderLength + response.CalculateSize()];
        BinaryPrimitives.WriteInt32BigEndian(frame.AsSpan(1), frame.Length - HeaderLength);
        response.WriteTo(frame.AsSpan(HeaderLength));
        return frame;
    }

    private static async Task SendAsync(HttpContext context, byte[] frame)
    {
        await context.Response.Body.WriteAsync(frame);
        await context.Response.Body.FlushAsync();
    }

    private static async Task SkipRequestsAsync(HttpContext context, int count)
    {
        byte[] header = new byte[HeaderLength];
        for (int request = 0; request < count; request++)
        {
            await context.Request.Body.ReadExactlyAsync(header);
            await context.Request.Body.ReadExactlyAsync(new byte[BinaryPrimitives.ReadInt32BigEndian(header.AsSpan(1))]);
        }
    }
}
