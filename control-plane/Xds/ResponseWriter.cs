using System.IO.Pipelines;
using System.Text;
using Ambient.Grpc.Server;
using Google.Protobuf;

namespace Ambient.ControlPlane.Xds;

/// <summary>Writes a <c>DeltaDiscoveryResponse</c> from resources that are encoded already (node-proxy 3.7.1).</summary>
internal static class ResponseWriter
{
    private const uint ResourcesTag = (2 << 3) | 2;
    private const uint TypeUrlTag = (4 << 3) | 2;
    private const uint NonceTag = (5 << 3) | 2;
    private const uint RemovedTag = (6 << 3) | 2;
    private const uint NameTag = (3 << 3) | 2;
    private const uint AliasTag = (4 << 3) | 2;
    private const int FlushBytes = 256 * 1024;

    /// <param name="call">Where it goes.</param>
    /// <param name="typeUrl">Of the resources.</param>
    /// <param name="nonce">What the proxy's answer will name.</param>
    /// <param name="push">What it says.</param>
    /// <param name="onProgress">Called whenever the proxy has taken a part.</param>
    public static async Task WriteAsync(GrpcServerCall call, string typeUrl, string nonce, Push push, Action onProgress)
    {
        PipeWriter output = call.Begin(Measure(typeUrl, nonce, push));
        WriteText(output, TypeUrlTag, typeUrl);
        WriteText(output, NonceTag, nonce);
        foreach (PushedResource resource in push.Resources)
        {
            Write(output, resource);
            if (output.UnflushedBytes > FlushBytes)
            {
                await call.FlushAsync();
                onProgress();
            }
        }

        foreach (string name in push.Removed)
        {
            WriteText(output, RemovedTag, name);
        }

        await call.FlushAsync();
    }

    private static int Measure(string typeUrl, string nonce, Push push)
    {
        long length = MeasureText(typeUrl) + MeasureText(nonce);
        foreach (PushedResource resource in push.Resources)
        {
            int body = MeasureBody(resource);
            length += 1 + CodedOutputStream.ComputeLengthSize(body) + body;
        }

        foreach (string name in push.Removed)
        {
            length += MeasureText(name);
        }

        return checked((int)length);
    }

    private static int MeasureBody(PushedResource resource)
    {
        int length = resource.Content.Body.Length + (resource.AskedAs is { } name ? MeasureText(name) : 0);
        if (resource.WithAliases)
        {
            foreach (string alias in resource.Content.Aliases)
            {
                length += MeasureText(alias);
            }
        }

        return length;
    }

    private static void Write(PipeWriter output, PushedResource resource)
    {
        WriteHead(output, ResourcesTag, MeasureBody(resource));
        output.Write(resource.Content.Body);
        if (resource.AskedAs is { } name)
        {
            // The last one of a field counts: this name replaces the one in the body.
            WriteText(output, NameTag, name);
        }

        if (resource.WithAliases)
        {
            foreach (string alias in resource.Content.Aliases)
            {
                WriteText(output, AliasTag, alias);
            }
        }
    }

    private static int MeasureText(string text)
    {
        int length = Encoding.UTF8.GetByteCount(text);
        return 1 + CodedOutputStream.ComputeLengthSize(length) + length;
    }

    private static void WriteText(PipeWriter output, uint tag, string text)
    {
        int length = Encoding.UTF8.GetByteCount(text);
        WriteHead(output, tag, length);
        Encoding.UTF8.GetBytes(text, output.GetSpan(length));
        output.Advance(length);
    }

    private static void WriteHead(PipeWriter output, uint tag, int length)
    {
        const int longest = 6;
        Span<byte> head = output.GetSpan(longest);
        int at = 0;
        head[at++] = (byte)tag;
        for (uint rest = (uint)length; ; rest >>= 7)
        {
            bool isLast = rest < 0x80;
            head[at++] = (byte)(isLast ? rest : rest | 0x80);
            if (isLast)
            {
                break;
            }
        }

        output.Advance(at);
    }

    private static void Write(this PipeWriter output, byte[] bytes)
    {
        bytes.CopyTo(output.GetSpan(bytes.Length));
        output.Advance(bytes.Length);
    }
}
