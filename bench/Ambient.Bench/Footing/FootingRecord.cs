namespace Ambient.Bench.Footing;

/// <summary>What was seen of one encrypting pair before anything was measured.</summary>
/// <param name="Handshakes">ServerHellos seen.</param>
/// <param name="Refusal">What a client without a certificate was told.</param>
internal sealed record FootingRecord(string System, string Suite, int Handshakes, string Refusal);
