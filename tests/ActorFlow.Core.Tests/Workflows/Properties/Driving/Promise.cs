namespace ActorFlow.Core.Tests.Workflows.Properties.Driving;

/// <summary>A promise of the rules was not kept.</summary>
internal sealed class BrokenPromiseException(string message) : Exception(message);

internal static class Promise
{
    public static void That(bool kept, string message)
    {
        if (!kept)
        {
            throw new BrokenPromiseException(message);
        }
    }
}
