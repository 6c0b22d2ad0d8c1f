using System.Runtime.CompilerServices;

namespace ActorFlow.Runtime.Tests;

/// <summary>
/// Tests of actors wait on the thread they run on, several at a time. A pool that begins with a thread per processor adds one or two
/// a second beyond that, so that actors of one test would wait for those of another to give up.
/// </summary>
internal static class ThreadsOfTests
{
    private const int Least = 32;

    [ModuleInitializer]
    public static void Reserve() => ThreadPool.SetMinThreads(Least, Least);
}
