using Ambient.Zds.Messages;
using Google.Protobuf;

namespace Ambient.Zds;

/// <summary>What is in a packet from the node agent, checked as far as one packet alone can be (node-proxy 6.2, 6.4).</summary>
public static class RequestReader
{
    /// <summary>Null with the reason when the packet cannot be read: its sender does not speak this protocol.</summary>
    public static WorkloadRequest? Read(ReadOnlySpan<byte> bytes, bool hasDescriptor, out string? fault)
    {
        WorkloadRequest request;
        try
        {
            request = WorkloadRequest.Parser.ParseFrom(bytes);
        }
        catch (InvalidProtocolBufferException error)
        {
            fault = error.Message;
            return null;
        }

        fault = request.PayloadCase switch
        {
            WorkloadRequest.PayloadOneofCase.None => "no payload that is known here",
            WorkloadRequest.PayloadOneofCase.Add when !hasDescriptor => "add without the pod's network namespace",
            WorkloadRequest.PayloadOneofCase.Add => null,
            _ when hasDescriptor => $"a descriptor with {request.PayloadCase}",
            _ => null,
        };
        return fault is null ? request : null;
    }
}
