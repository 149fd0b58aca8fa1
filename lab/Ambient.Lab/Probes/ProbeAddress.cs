using System.Net;

namespace Ambient.Lab.Probes;

/// <summary>ADDRESS:PORT, IPv6 in brackets.</summary>
public static class ProbeAddress
{
    /// <exception cref="LabException">It is none.</exception>
    public static IPEndPoint Parse(string text) =>
        IPEndPoint.TryParse(text, out IPEndPoint? endPoint) && endPoint.Port != 0
            ? endPoint
            : throw new LabException($"'{text}' is not ADDRESS:PORT.", "Write IPv6 addresses in brackets.");
}
