using System.Buffers.Binary;
using Ambient.Xds.Messages;
using Google.Protobuf;
using Microsoft.AspNetCore.Http;

namespace Ambient.MeshGenerator;

/// <summary>Messages of gRPC on a call of the web server: five bytes of head, then the message.</summary>
internal static class GrpcFrames
{
    private const int HeadLength = 5;

    /// <summary>A response of the control plane, ready to be sent.</summary>
    public static byte[] Of(string typeUrl, IEnumerable<Resource> resources)
    {
        DeltaDiscoveryResponse response = new() { TypeUrl = typeUrl, Nonce = "n" };
        response.Resources.AddRange(resources);
        return Of(response);
    }

    public static byte[] Of(IMessage message)
    {
        byte[] frame = new byte[HeadLength + message.CalculateSize()];
        BinaryPrimitives.WriteInt32BigEndian(frame.AsSpan(1), frame.Length - HeadLength);
        message.WriteTo(frame.AsSpan(HeadLength));
        return frame;
    }

    public static async Task SendAsync(HttpContext context, byte[] frame)
    {
        await context.Response.Body.WriteAsync(frame);
        await context.Response.Body.FlushAsync();
    }

    /// <summary>The next message's bytes.</summary>
    /// <exception cref="EndOfStreamException">The caller has sent its last.</exception>
    public static async Task<byte[]> ReadAsync(HttpContext context)
    {
        byte[] head = new byte[HeadLength];
        await context.Request.Body.ReadExactlyAsync(head);
        byte[] message = new byte[BinaryPrimitives.ReadInt32BigEndian(head.AsSpan(1))];
        await context.Request.Body.ReadExactlyAsync(message);
        return message;
    }
}
