using Ambient.Transport.Lifetime;

namespace Ambient.UnitTests.Transport;

public sealed class ErrnoClassifierTests
{
    [Theory]
    [InlineData(1, FailureReason.PermissionDenied)]
    [InlineData(9, FailureReason.LocallyClosed)]
    [InlineData(12, FailureReason.OutOfMemory)]
    [InlineData(13, FailureReason.PermissionDenied)]
    [InlineData(22, FailureReason.Other)]
    [InlineData(23, FailureReason.OutOfDescriptors)]
    [InlineData(24, FailureReason.OutOfDescriptors)]
    [InlineData(32, FailureReason.BrokenPipe)]
    [InlineData(64, FailureReason.Unreachable)]
    [InlineData(97, FailureReason.AddressFamilyNotSupported)]
    [InlineData(98, FailureReason.AddressInUse)]
    [InlineData(99, FailureReason.AddressNotAvailable)]
    [InlineData(100, FailureReason.Unreachable)]
    [InlineData(101, FailureReason.Unreachable)]
    [InlineData(102, FailureReason.Reset)]
    [InlineData(103, FailureReason.Reset)]
    [InlineData(104, FailureReason.Reset)]
    [InlineData(105, FailureReason.OutOfMemory)]
    [InlineData(107, FailureReason.NotConnected)]
    [InlineData(108, FailureReason.BrokenPipe)]
    [InlineData(110, FailureReason.TimedOut)]
    [InlineData(111, FailureReason.Refused)]
    [InlineData(112, FailureReason.Unreachable)]
    [InlineData(113, FailureReason.Unreachable)]
    [InlineData(9999, FailureReason.Other)]
    public void Classifies_each_errno_of_a_socket_call(int errno, FailureReason expected)
    {
        Assert.Equal(expected, ErrnoClassifier.Classify(errno));
    }

    [Theory]
    [InlineData(107, true)]
    [InlineData(104, true)]
    [InlineData(32, true)]
    [InlineData(110, false)]
    [InlineData(113, false)]
    [InlineData(9, false)]
    public void Only_a_peer_that_went_away_ends_a_copy_silently(int errno, bool isSilent)
    {
        var failure = ConnectionFailure.FromErrno(FailurePhase.Copy, FailureSide.Upstream, errno, "receive");

        Assert.Equal(isSilent, failure.EndsCopySilently);
    }

    [Fact]
    public void Names_the_attempt_the_cause_and_the_next_step()
    {
        var failure = ConnectionFailure.FromErrno(FailurePhase.Connect, FailureSide.Upstream, 110, "connecting to 10.0.0.1:80");

        Assert.Equal("connecting to 10.0.0.1:80 failed: Connection timed out (errno 110)", failure.Message);
        Assert.Contains("NetworkPolicy", failure.Hint);
    }
}
