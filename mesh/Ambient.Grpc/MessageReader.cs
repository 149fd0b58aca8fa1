namespace Ambient.Grpc;

/// <summary>Cuts the bytes that a peer sends into messages.</summary>
internal sealed class MessageReader(Stream stream, int maxMessageBytes)
{
    private readonly byte[] _header = new byte[MessageHeader.Length];

    /// <summary>The next message, to be disposed after use; null at the end of the stream.</summary>
    /// <exception cref="GrpcException">The stream ends within a message, or the message is not acceptable.</exception>
    public async Task<MessageBuffer?> ReadAsync(CancellationToken cancellation)
    {
        int read = await stream.ReadAtLeastAsync(_header, MessageHeader.Length, throwOnEndOfStream: false, cancellation);
        if (read == 0)
        {
            return null;
        }

        RequireWhole(read, MessageHeader.Length);
        int length = MessageHeader.Read(_header, maxMessageBytes);
        MessageBuffer message = new();
        try
        {
            for (int remaining = length; remaining > 0;)
            {
                Memory<byte> block = message.Grow(remaining);
                read = await stream.ReadAtLeastAsync(block, block.Length, throwOnEndOfStream: false, cancellation);
                RequireWhole(read, block.Length);
                remaining -= read;
            }

            return message;
        }
        catch
        {
            message.Dispose();
            throw;
        }
    }

    private static void RequireWhole(int read, int wanted)
    {
        if (read < wanted)
        {
            throw new GrpcException(GrpcStatusCode.Internal, "the peer ended the call in the middle of a message");
        }
    }
}
